import Foundation
import LinuxSystem

/// A program of the host, run to its end.
enum HostCommand {
    /// Runs a short program and returns how it ended and what it wrote; only that it cannot be run is an error.
    ///
    /// It blocks the thread, and it starts programs by the thousand: Foundation's `Process` fails at that now and then.
    static func outcome(
        of program: String, _ arguments: [String], within limit: Duration = .seconds(120)
    ) throws -> (status: Int32, output: [UInt8]) {
        let outcome = try ChildProcess.run(
            program, arguments, output: .capture(atMost: 16 << 20), errors: .tail(atMost: 1 << 16), timeout: limit)
        guard case .exited(let status) = outcome.termination else {
            throw MachineError("run \(program) \(arguments.joined(separator: " "))", "\(outcome.termination)")
        }
        return (status, outcome.standardOutput + outcome.standardError)
    }

    /// Runs a short program that must succeed and returns what it wrote; blocks the thread.
    @discardableResult
    static func finish(
        _ program: String, _ arguments: [String], within limit: Duration = .seconds(120)
    ) throws -> String {
        let (status, output) = try outcome(of: program, arguments, within: limit)
        let text = String(decoding: output, as: UTF8.self)
        guard status == 0 else {
            throw MachineError("run \(program) \(arguments.joined(separator: " "))", "status \(status): \(text)")
        }
        return text
    }

    /// Runs `program` and returns its standard output and standard error.
    ///
    /// Throws a `MachineError` when it fails or takes longer than `limit`, by which it is killed.
    @discardableResult
    static func run(
        _ program: String, _ arguments: [String], within limit: Duration = .seconds(120)
    ) async throws -> String {
        try await withScratchDirectory { directory in
            let process = try HostProcess(program, arguments, log: "\(directory)/output")
            let status = try await process.end(within: limit)
            let output = process.log
            guard status == 0 else {
                throw MachineError("run \(program) \(arguments.joined(separator: " "))", "status \(status): \(output)")
            }
            return output
        }
    }
}
