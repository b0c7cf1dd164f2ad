import Foundation

/// Runs an HTTP server that does what a script says, lies and failures included.
package final class ScriptedServer {
    /// Says which requests are answered how; the first rule that fits and is not used up counts.
    package struct Rule: Encodable, Sendable {
        /// The method; nil for all.
        package var method: String?
        /// The path with query; a `*` at the end stands for anything.
        package var path: String
        /// Headers that the request must have.
        package var requires: [String: String]?
        /// How often the rule is good; nil for always.
        package var times: Int?
        /// Status of the answer.
        package var status: Int?
        /// Headers of the answer; `{port}` is replaced.
        package var headers: [String: String]?
        /// The body as text.
        package var body: String?
        /// The body as bytes.
        package var base64: String?
        /// The file with the body.
        package var file: String?
        /// Whether ranges are given.
        package var ranges: Bool?
        /// Whether the body is repeated for ever.
        package var endless: Bool?
        /// Bytes of the body after which the connection is closed.
        package var cutAfter: Int?
        /// Whether the connection is closed without an answer.
        package var hangUp: Bool?
        /// Seconds to wait before the answer.
        package var delay: Double?
        /// Seconds between two bytes of the body.
        package var drip: Double?
        /// Whether the body is the whole answer, head included.
        package var raw: Bool?
        /// Seconds to wait after the body.
        package var stall: Double?

        /// Answers a path with 200; everything else can be set in the closure.
        package init(_ path: String, _ change: (inout Rule) -> Void = { _ in }) {
            self.path = path
            change(&self)
        }
    }

    /// One request as the server saw it.
    package struct Request: Decodable, Sendable {
        /// Its method.
        package let method: String
        /// Its path and query.
        package let path: String
        /// Its headers, names in lower case.
        package let headers: [String: String]
        /// Bytes of its body.
        package let received: Int
        /// Bytes of the answer's body.
        package let sent: Int
    }

    private let folder: TestFolder
    private let process: ServerProcess
    private let scheme: String
    /// Its port at 127.0.0.1.
    package let port: Int

    /// Starts the server; with a certificate (PEM files) it speaks TLS.
    package init(_ rules: [Rule], certificate: String? = nil, key: String? = nil) throws {
        folder = try TestFolder()
        try JSONEncoder().encode(rules).write(to: folder.url.appending(path: "script"))
        var arguments = [folder.path("script")]
        if let certificate, let key { arguments += [certificate, key] }
        process = try ServerProcess(script: "scripted-server.py", arguments)
        guard let port = Int(process.firstLine) else { throw ServerError("no port: \(process.firstLine)") }
        self.port = port
        scheme = certificate == nil ? "http" : "https"
    }

    /// The requests so far, in the order in which they came.
    package func requests() throws -> [Request] {
        let text = try Tool.run("curl", ["-sk", "--noproxy", "*", "\(scheme)://127.0.0.1:\(port)/.requests"])
        return try JSONDecoder().decode([Request].self, from: Data(text.utf8))
    }
}
