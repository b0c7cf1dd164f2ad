package import Foundation

/// Runs Debian's docker-registry on a free port of the loopback, with a folder of its own.
package final class RegistryServer {
    /// User and password of a server with accounts.
    package static let user = "captain", password = "lifeboat-7"

    private let folder: TestFolder
    private let process: ServerProcess
    private let certificates: Certificates?
    /// Its port.
    package let port: Int
    /// The file of the authority that signed its certificate; nil for plain HTTP.
    package var authority: String? { certificates?.authority }
    /// `host:port` as references spell it.
    package var host: String { "127.0.0.1:\(port)" }

    /// Starts it and waits until it answers, at most 20 seconds.
    ///
    /// - Parameters:
    ///   - secure: TLS with a private authority, and accounts (htpasswd).
    ///   - address: what it listens at; `0.0.0.0` lets guests of QEMU reach it at 10.0.2.2.
    ///   - allowsDeletion: whether documents can be deleted.
    package init(secure: Bool = false, address: String = "127.0.0.1", allowsDeletion: Bool = true) throws {
        folder = try TestFolder()
        port = try LoopbackPort.free()
        certificates = secure ? try Certificates() : nil
        var lines = [
            "version: 0.1", "log: {level: error, accesslog: {disabled: true}}",
            "storage: {filesystem: {rootdirectory: \(folder.path("data"))}, delete: {enabled: \(allowsDeletion)}}",
            "http:",
            "  addr: \(address):\(port)",
        ]
        if let certificates {
            lines.append("  tls: {certificate: \(certificates.certificate), key: \(certificates.key)}")
            let accounts = try Tool.run("htpasswd", ["-Bbn", Self.user, Self.password])
            try accounts.write(toFile: folder.path("accounts"), atomically: false, encoding: .utf8)
            lines.append("auth: {htpasswd: {realm: test, path: \(folder.path("accounts"))}}")
        }
        try (lines.joined(separator: "\n") + "\n").write(
            toFile: folder.path("config.yml"), atomically: false, encoding: .utf8)
        process = try ServerProcess(script: "keeper.py", ["docker-registry", "serve", folder.path("config.yml")])
        try waitUntilItListens()
    }

    /// The folder with the blobs, for tests that damage them.
    package var data: URL { folder.url.appending(path: "data") }

    private func waitUntilItListens() throws {
        for _ in 0..<400 {
            if LoopbackPort.listens(port) { return }
            usleep(50_000)
        }
        throw ServerError("docker-registry does not listen")
    }
}
