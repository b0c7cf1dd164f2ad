import Glibc
package import SystemPackage

/// Describes one request; redirects belong to it.
package struct HTTPRequest: Sendable {
    /// What is done to the resource.
    package enum Method: String, Sendable {
        /// Reads it.
        case get = "GET"
        /// Asks for its headers.
        case head = "HEAD"
        /// Begins an upload, asks for a token.
        case post = "POST"
        /// Stores it.
        case put = "PUT"
        /// Sends a piece of an upload.
        case patch = "PATCH"
        /// Removes it.
        case delete = "DELETE"
    }

    /// What is sent along.
    package enum Body: Sendable {
        /// Nothing (length 0 for the methods that have a body).
        case empty
        /// These bytes.
        case bytes([UInt8])
        /// So many bytes of a file from its beginning, read while they are sent.
        case file(FilePath, size: Int)

        /// Number of bytes.
        package var size: Int {
            switch self {
            case .empty: 0
            case .bytes(let bytes): bytes.count
            case .file(_, let size): size
            }
        }
    }

    /// What is done.
    package var method: Method
    /// To what.
    package var address: HTTPAddress
    /// Names and values, sent to every server that the request is redirected to.
    package var headers: [(name: String, value: String)] = []
    /// Value of `Authorization`; never sent to another origin than that of `address`.
    package var authorization: String?
    /// What is sent along.
    package var body: Body = .empty
    /// Bytes of the resource to ask for; one range, never more.
    package var range: Range<Int>?
    /// Longest body accepted; nil for no limit.
    package var longestBody: Int?
    /// Time for all of it; nil for no limit, when only standstill ends the transfer.
    package var totalTime: Duration?
    /// The most redirects followed.
    package var longestChain = 10
    /// Whether the server is asked without a proxy, whatever the settings and the environment say.
    package var isDirect = false
    /// Local ports to ask from, the first free one; nil lets the kernel choose.
    package var localPorts: Range<Int>?

    /// Describes a request; what has a default can be set afterwards.
    package init(_ method: Method, _ address: HTTPAddress) {
        self.method = method
        self.address = address
    }
}

/// States what holds for all requests of a pool.
package struct HTTPSettings: Sendable {
    /// Where distributions keep the bundle of certificate authorities: Debian, Fedora, openSUSE, Alpine.
    ///
    /// A static OpenSSL knows only the first.
    package static let bundles: [FilePath] = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    /// Value of `User-Agent`.
    package var userAgent = "lifeboot"
    /// Servers (`host:port`) that may be asked by plain HTTP; loopback always may.
    package var plainAuthorities: Set<String> = []
    /// The file of certificate authorities for a server (`host:port`); it alone is trusted there.
    package var authorityFiles: [String: FilePath] = [:]
    /// The file of certificate authorities for all other servers; nil takes the bundle of this machine.
    package var authorityFile: FilePath?
    /// The proxy for all servers but loopback; nil takes `https_proxy`, `http_proxy`, `no_proxy` of the environment.
    package var proxy: String?
    /// Time for name, connection and TLS handshake.
    package var connectTime: Duration = .seconds(15)
    /// Time without a byte after which a transfer has broken.
    package var standstillTime: Duration = .seconds(30)
    /// The fewest bytes a second of a transfer that has begun, on average over the time of a standstill.
    ///
    /// Six connections share a link, so this is a sixth of what the slowest modem in use gives.
    package var slowestRate = 128
    /// The time of a standstill for requests that send something: a registry may check all of it before it answers.
    package var sendingStandstillTime: Duration = .seconds(300)
    /// Connections at once to one server.
    package var connections = 6

    /// Takes the defaults.
    package init() {}

    /// The file of certificate authorities for an address; nil leaves libcurl's own.
    func authorityFile(for address: HTTPAddress) -> FilePath? {
        authorityFiles[address.authority] ?? authorityFile ?? Self.bundle
    }

    /// The bundle of this machine.
    private static let bundle = bundles.first { unsafe access($0.string, R_OK) == 0 }

    /// Whether an address may be asked at all.
    func allows(_ address: HTTPAddress) -> Bool {
        address.isSecure || address.isLoopback || plainAuthorities.contains(address.authority)
    }
}
