import ImageModel
import JSONText

/// What proves to a registry who asks.
package enum Credentials: Equatable, Sendable {
    /// User name and password, for Basic authentication or to ask a token server.
    case basic(user: String, password: String)
    /// An OAuth 2 refresh token for the token server (`identitytoken`).
    case identityToken(String)
}

extension Credentials: CustomStringConvertible {
    /// The kind and user, never a secret.
    package var description: String {
        switch self {
        case .basic(let user, _): "user \(user.quoted)"
        case .identityToken: "an identity token"
        }
    }
}

/// Holds the credentials of a docker-style `config.json` or `auth.json` (containers-auth.json(5)).
///
/// Programs named by `credHelpers` and `credsStore` are not run: nothing on a machine that repairs itself may depend on
/// them.
package struct AuthFile: Equatable, Sendable {
    /// The largest file that is read, in bytes.
    package static let maximumLength = 1 << 20

    /// The credentials by normalised key: `host`, or `host/part/of/repository`.
    package private(set) var credentials: [String: Credentials]

    /// Holds credentials.
    package init(_ credentials: [String: Credentials] = [:]) { self.credentials = credentials }

    /// Reads a file; entries without credentials are passed over, other members ignored.
    ///
    /// - Throws: `RegistryModelError` for bad JSON and for an entry whose credentials cannot be understood.
    package init(parsing bytes: [UInt8]) throws(RegistryModelError) {
        let operation = "reading the credentials file"
        let remedy = "Write it with 'skopeo login --authfile' or 'docker login'."
        let reader = try DocumentReader(
            parsing: bytes, maximum: Self.maximumLength, operation: operation, remedy: remedy)
        credentials = [:]
        guard let entries = try reader.optionalChild("auths") else { return }
        for member in entries.object.members {
            let entry = try entries.child(member.name)
            if let found = try Self.credentials(entry) { credentials[Self.key(member.name)] = found }
        }
    }

    /// The credentials for a repository: those of the longest key that is the repository or a part before a `/`.
    package func credentials(for reference: ImageReference) -> Credentials? {
        let name = Self.key(reference.name)
        var key = name[...]
        while true {
            if let found = credentials[String(key)] { return found }
            guard let slash = key.lastIndex(of: "/") else { return nil }
            key = key[..<slash]
        }
    }

    /// A key without scheme, without the path of the old protocol, with one name for Docker Hub.
    static func key(_ text: String) -> String {
        let scheme = ["https://", "http://"].first { text.hasPrefix($0) }
        var key = text.dropFirst(scheme?.count ?? 0)
        while key.hasSuffix("/") { key.removeLast() }
        if scheme != nil, let slash = key.firstIndex(of: "/") { key = key[..<slash] }
        let host = String(key.prefix { $0 != "/" })
        let normalised = RegistryHost(host)?.isDockerHub == true || host == "registry-1.docker.io" ? "docker.io" : host
        return normalised.lowercased() + key.dropFirst(host.count)
    }

    private static func credentials(_ entry: DocumentReader) throws(RegistryModelError) -> Credentials? {
        if let token = try entry.optionalText("identitytoken"), !token.isEmpty { return .identityToken(token) }
        if let auth = try entry.optionalText("auth"), !auth.isEmpty { return try decoded(auth, of: entry) }
        guard let user = try entry.optionalText("username"), !user.isEmpty else { return nil }
        return .basic(user: user, password: try entry.optionalText("password") ?? "")
    }

    private static func decoded(_ auth: String, of entry: DocumentReader) throws(RegistryModelError) -> Credentials {
        guard let bytes = Base64.decode(auth.utf8), let text = String(validating: bytes, as: UTF8.self) else {
            throw entry.fault("auth", "not base64 of a text")
        }
        guard let colon = text.firstIndex(of: ":") else {
            throw entry.fault("auth", "expected base64 of 'user:password'")
        }
        return .basic(user: String(text[..<colon]), password: String(text[text.index(after: colon)...]))
    }
}
