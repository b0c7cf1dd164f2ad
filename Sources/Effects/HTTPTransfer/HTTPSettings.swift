import Glibc
package import SystemPackage

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
    /// The same for requests that send something: a registry may check all of it before it answers.
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
