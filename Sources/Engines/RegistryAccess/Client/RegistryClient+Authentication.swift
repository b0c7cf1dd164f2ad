import Faults
import HTTPTransfer
import LinuxSystem
import RegistryModel

extension RegistryClient {
    /// The value of `Authorization` for a place, if one is known and still good.
    func authorization(at place: Int, _ access: Access) -> String? {
        guard let token = tokens[TokenKey(endpoint: place, access: access)], !token.expiry.isPast else { return nil }
        return token.value
    }

    /// Gets what a 401 asks for.
    ///
    /// - Throws: `RegistryError` (`denied`) when there are no credentials for it or the token server refuses,
    ///   `insecure` when they would be sent without encryption, `misbehaving` for a challenge that nobody understands.
    mutating func authenticate(_ document: HTTPDocument, _ question: Question, at place: Int) throws {
        let key = TokenKey(endpoint: place, access: question.access)
        let endpoint = endpoints[place]
        // What comes from where a redirect led to is not this place's business.
        guard document.head.address.hasSameOrigin(as: endpoint.base) else { throw question.refusal(document) }
        for challenge in try challenges(document) {
            let repository = endpoint.reference.repository
            if let asked = TokenQuestion(challenge, repository: repository, access: question.access) {
                tokens[key] = try token(asked, at: place)
                return
            }
            if challenge.scheme == "basic", case .basic(let user, let password)? = endpoint.credentials {
                tokens[key] = AccessToken(user: user, password: password)
                return
            }
        }
        throw question.refusal(document)
    }

    private func challenges(_ document: HTTPDocument) throws(RegistryError) -> [Challenge] {
        var all: [Challenge] = []
        for header in document.head.values("WWW-Authenticate") {
            do throws(RegistryModelError) {
                all += try Challenge.list(parsing: header)
            } catch {
                throw RegistryError(.misbehaving, error)
            }
        }
        return all
    }

    private mutating func token(_ asked: TokenQuestion, at place: Int) throws -> AccessToken {
        let endpoint = endpoints[place]
        let question = Question("", "getting a token for", endpoint.reference.name)
        let request = try tokenRequest(asked, question, at: place)
        let document = try settle(request, question, at: place)
        guard document.head.status == 200 else {
            // Token servers answer 400 for a wrong identity token (RFC 6749 section 5.2).
            var error = question.refusal(document)
            if document.head.status == 400 { error.kind = .denied }
            throw error
        }
        guard let token = AccessToken(answer: document.body) else {
            throw RegistryError.misbehaving(question.operation, question.subject, "\(request.address) gives no token")
        }
        return token
    }

    private func tokenRequest(
        _ asked: TokenQuestion, _ question: Question, at place: Int
    ) throws(RegistryError) -> HTTPRequest {
        var request: HTTPRequest
        do throws(HTTPError) {
            request = try asked.request(endpoints[place].credentials)
        } catch {
            throw question.failure(error)
        }
        guard request.address.isSecure || !endpoints[place].base.isSecure else {
            throw RegistryError(
                .insecure, question.operation, question.subject,
                cause: "its token server \(request.address) has no HTTPS", remedy: "Ask the operator of the registry.")
        }
        request.longestBody = Self.longestAnswer
        request.totalTime = Self.documentTime
        return request
    }
}
