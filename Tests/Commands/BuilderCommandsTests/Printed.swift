import ArgumentParser
import Synchronization
import SystemPackage
import TestServers

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
        do { try command.run(printed.output(json: command.json)) } catch let code as ExitCode {
            return (printed.lines, code.rawValue, printed.remarks)
        }
        return (printed.lines, 0, printed.remarks)
    }
}
