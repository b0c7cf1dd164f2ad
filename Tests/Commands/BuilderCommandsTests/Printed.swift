import ArgumentParser
import JSONText
import OutputSchemas
import Synchronization
import SystemPackage
import TestServers
import Testing

@testable import BuilderCommands
@testable import CommandOutput

/// Keeps what a command prints.
final class Printed: Sendable {
    private let text = Mutex((result: [String](), remarks: ""))

    var lines: [String] { text.withLock { $0.result } }
    var remarks: String { text.withLock { $0.remarks } }

    func output(json: Bool) -> Output {
        Output(
            "boatyard", json ? .json : .lines,
            to: OutputStreams(
                result: { (line) throws(Errno) in self.text.withLock { $0.result.append(String(line.dropLast())) } },
                remark: { line in self.text.withLock { $0.remarks += line } }))
    }

    /// What a command line prints on standard output, how it ends, and what it says besides.
    static func run(_ arguments: [String]) throws -> (lines: [String], status: Int32, remarks: String) {
        let printed = Printed()
        guard let command = try BoatyardCommand.parseAsRoot(arguments) as? any ReportingCommand else {
            throw ServerError("no command: \(arguments)")
        }
        var status: Int32 = 0
        do { try command.run(printed.output(json: command.json)) } catch let code as ExitCode { status = code.rawValue }
        if command.json { try check(printed.lines, of: arguments) }
        return (printed.lines, status, printed.remarks)
    }

    /// Documents of verbs that only look, by their words.
    private static let documents = [
        "channel show": "channel-show", "channel list": "channel-list", "channel explain": "channel-explain",
        "repository list": "repository", "repository search": "repository", "repository info": "repository",
        "repository verify": "repository-verify",
    ]

    /// Expects that what was printed for programs is as a schema says: a document, or events.
    private static func check(_ lines: [String], of arguments: [String]) throws {
        if let name = documents[arguments.prefix(2).joined(separator: " ")], lines.first?.hasPrefix("{\n") == true {
            return try OutputSchema.check(try JSONValue(parsing: Array(lines.joined(separator: "\n").utf8)), name)
        }
        for line in lines { try OutputSchema.check(try JSONValue(parsing: Array(line.utf8)), "events") }
    }
}
