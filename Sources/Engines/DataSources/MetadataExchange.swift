import Faults
import HTTPTransfer
import InstanceData
import LinuxSystem

/// Asks a server of metadata all that it may know: for a token where it wants one, for the texts, for those they name.
struct MetadataExchange {
    let service: MetadataService
    let client: any SourceClient
    let deadline: Deadline

    /// What the first of its addresses says that is there.
    ///
    /// - Throws: `DataSourceError` when nobody answers, or who answers is no such server.
    func answers() throws(DataSourceError) -> SourceAnswers {
        var last = DataSourceError.absent("no address", "the provider has none")
        for address in service.addresses where !deadline.isPast {
            do throws(DataSourceError) { return try answers(from: address) } catch {
                guard error.kind == .absent else { throw error }
                last = error
            }
        }
        throw deadline.isPast && last.subject == "no address" ? .late("its servers") : last
    }

    private func answers(from address: String) throws(DataSourceError) -> SourceAnswers {
        var answers = SourceAnswers(from: address)
        let token = try self.token(from: address)
        var waiting = service.requests[...]
        while let request = waiting.popFirst() {
            guard let body = try body(of: request, from: address, token, into: &answers) else { continue }
            waiting.append(contentsOf: request.following(body))
            let text = SourceAnswers.Text(kind: request.kind, bytes: body, isRequired: request.isRequired)
            if request.kind != .keyList { answers.texts.append(text) }
        }
        return answers
    }

    /// The token as a header; nil where there are none.
    private func token(from address: String) throws(DataSourceError) -> (name: String, value: String)? {
        guard let wanted = service.token, let method = HTTPRequest.Method(rawValue: wanted.method) else { return nil }
        let response = try send(method, address + wanted.path, wanted.headers)
        switch wanted.outcome(status: response.status, body: response.body) {
        case .use: return (wanted.tokenHeader, String(decoding: response.body, as: UTF8.self))
        case .goWithout: return nil
        case .giveUp: throw .wrong(address, "it answers a request for a token with status \(response.status)")
        }
    }

    /// The answer to one request; nil when there is none and that is no fault of the source.
    private func body(
        of request: MetadataRequest, from address: String, _ token: (name: String, value: String)?,
        into answers: inout SourceAnswers
    ) throws(DataSourceError) -> [UInt8]? {
        do throws(DataSourceError) {
            let response = try send(.get, address + request.path, service.headers + (token.map { [$0] } ?? []))
            if response.status == 200 { return response.body }
            if response.status == 404, !request.isRequired { return nil }
            throw .wrong(address, "\(request.path) is answered with status \(response.status)")
        } catch {
            if request.isRequired { throw error }
            answers.miss("\(request.kind.rawValue) could not be had: \(error.cause)")
            return nil
        }
    }

    private func send(
        _ method: HTTPRequest.Method, _ address: String, _ headers: [(name: String, value: String)]
    ) throws(DataSourceError) -> SourceResponse {
        var request = SourceRequest(address)
        request.method = method
        request.headers = headers
        request.isMetadata = true
        request.needsLowPort = service.needsLowPort
        do throws(HTTPError) { return try client.answer(request, until: deadline) } catch {
            throw DataSourceError(error, request)
        }
    }
}

extension DataSourceError {
    /// A request got no answer, or one that cannot be used.
    init(_ error: HTTPError, _ request: SourceRequest) {
        self.init(
            error.isTransient ? .absent : .wrong, "asking", request.withoutQuery, cause: error.cause, remedy: "",
            underlying: error)
    }
}
