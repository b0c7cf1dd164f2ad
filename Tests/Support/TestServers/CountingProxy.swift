import Foundation

/// Passes requests on to a server of this machine, counts them, and breaks off at one of them.
package final class CountingProxy {
    /// When a request breaks off.
    package enum Moment: String, CaseIterable, Sendable {
        /// The server does not get it.
        case before
        /// The server has done it, and nobody hears of it.
        case after
    }

    /// One request.
    package struct Request: Decodable, Equatable, Sendable {
        /// Its method.
        package let method: String
        /// Its path and query.
        package let path: String
        /// Its bytes, head included.
        package let sent: Int
        /// The status of its answer; nil when the server did not get it.
        package var status: Int?
        /// The bytes of its answer, head included.
        package var received: Int?
    }

    private let process: ServerProcess
    /// Its port at 127.0.0.1.
    package let port: Int
    /// `host:port` as references spell it.
    package var host: String { "127.0.0.1:\(port)" }

    /// Starts it before a server's port.
    ///
    /// - Parameter asksForTokens: whether requests need a token, which everybody gets.
    package init(to upstream: Int, asksForTokens: Bool = false) throws {
        process = try ServerProcess(
            script: "counting-proxy.py", ["\(upstream)"] + (asksForTokens ? ["tokens"] : []))
        guard let port = Int(process.firstLine) else { throw ServerError("no port: \(process.firstLine)") }
        self.port = port
    }

    /// The requests since it was last told how to behave.
    package func requests() throws -> [Request] {
        try JSONDecoder().decode([Request].self, from: Data(try ask(".log").utf8))
    }

    /// Breaks off at a request, counted from now on, and answers nothing afterwards.
    package func cut(at number: Int, _ moment: Moment) throws { _ = try ask(".cut/\(number)/\(moment.rawValue)") }

    /// Answers everything, and counts from now on.
    package func mend() throws { _ = try ask(".whole") }

    private func ask(_ path: String) throws -> String {
        try Tool.run("curl", ["-s", "--noproxy", "*", "http://127.0.0.1:\(port)/\(path)"])
    }
}
