import Foundation
import LinuxSystem

/// Makes a private certificate authority and a certificate for `localhost` and `127.0.0.1` with openssl.
package final class Certificates {
    private let folder: TestFolder
    /// The authority's certificate.
    package var authority: String { folder.path("ca.pem") }
    /// The server's certificate.
    package var certificate: String { folder.path("server.pem") }
    /// The server's private key.
    package var key: String { folder.path("server.key") }

    package init() throws {
        folder = try TestFolder()
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try run(
            ["req", "-x509", "-days", "2", "-subj", "/CN=test authority", "-keyout", folder.path("ca.key")]
                + ["-out", authority] + curve)
        try run(["req", "-subj", "/CN=localhost", "-keyout", key, "-out", folder.path("request")] + curve)
        try "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:10.0.2.2\n".write(
            toFile: folder.path("extensions"), atomically: false, encoding: .utf8)
        try run(
            ["x509", "-req", "-days", "2", "-in", folder.path("request"), "-CA", authority, "-CAkey"]
                + [
                    folder.path("ca.key"), "-CAcreateserial", "-extfile", folder.path("extensions"), "-out",
                    certificate,
                ])
    }

    private func run(_ arguments: [String]) throws { try Tool.run("openssl", arguments) }
}

/// Runs a program of the system to its end.
package enum Tool {
    /// Runs it and returns what it printed; throws when it fails.
    @discardableResult
    package static func run(_ program: String, _ arguments: [String]) throws -> String {
        let outcome = try ChildProcess.run(
            program, arguments, output: .capture(atMost: 64 << 20), timeout: .seconds(120)
        ).requireSuccess()
        return String(decoding: outcome.standardOutput, as: UTF8.self)
    }
}
