import HTTPTransfer
import ImageModel
import JSONText
import LinuxSystem
import RegistryModel

/// What a client wants to do with a repository.
enum Access: String, Hashable {
    /// Read.
    case pull
    /// Read and write.
    case push = "pull,push"
    /// Read, write and remove.
    case delete = "pull,push,delete"
}

/// A value of `Authorization` and how long it is good.
struct AccessToken {
    /// The header's value.
    let value: String
    /// When to ask for another.
    let expiry: Deadline

    /// User and password as they are.
    init(user: String, password: String) {
        value = "Basic " + Base64.encode(Array("\(user):\(password)".utf8))
        expiry = .never
    }

    /// Reads a token server's answer (distribution specification, "Token Authentication"); nil when it has no token.
    init?(answer: [UInt8]) {
        guard let object = try? JSONValue(parsing: answer),
            let token = [object["token"], object["access_token"]].compactMap({ $0?.text }).first(where: { !$0.isEmpty }
            ),
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        // 60 seconds is what holds when the server does not say. Time is lost on the way, so a tenth is taken off.
        let seconds = min(max(object["expires_in"]?.integer ?? 60, 10), 86_400)
        value = "Bearer \(token)"
        expiry = .after(.seconds(seconds - seconds / 10))
    }
}

/// The request to a token server that a challenge asks for.
struct TokenQuestion {
    let realm: String
    let service: String?
    let scope: String

    /// Takes a Bearer challenge; nil when it does not say whom to ask.
    init?(_ challenge: Challenge, repository: String, access: Access) {
        guard challenge.scheme == "bearer", let realm = challenge.parameters["realm"] else { return nil }
        self.realm = realm
        service = challenge.parameters["service"]
        scope = challenge.parameters["scope"] ?? "repository:\(repository):\(access.rawValue)"
    }

    /// The request: with user and password a GET, with an identity token a POST (OAuth 2).
    func request(_ credentials: Credentials?) throws(HTTPError) -> HTTPRequest {
        let pairs = (service.map { [("service", $0)] } ?? []) + [("scope", scope)]
        if case .identityToken(let token)? = credentials {
            var request = HTTPRequest(.post, try HTTPAddress(realm))
            let form = pairs + [("grant_type", "refresh_token"), ("client_id", "lifeboot"), ("refresh_token", token)]
            request.headers = [("Content-Type", "application/x-www-form-urlencoded")]
            request.body = .bytes(Array(Self.encoded(form).utf8))
            return request
        }
        let separator = realm.contains("?") ? "&" : "?"
        var request = HTTPRequest(.get, try HTTPAddress(realm + separator + Self.encoded(pairs)))
        if case .basic(let user, let password)? = credentials {
            request.authorization = AccessToken(user: user, password: password).value
        }
        return request
    }

    /// Names and values as a query or form; everything but unreserved characters as `%XX` (RFC 3986 section 2.3).
    static func encoded(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(escaped($0.0))=\(escaped($0.1))" }.joined(separator: "&")
    }

    /// A text with everything but unreserved characters as `%XX`.
    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(Character(Unicode.Scalar(byte)))
            default:
                result.append("%")
                result.append(digits[Int(byte >> 4)])
                result.append(digits[Int(byte & 0xF)])
            }
        }
    }
}
