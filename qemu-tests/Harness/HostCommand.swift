import Foundation

/// A program of the host, run to its end.
enum HostCommand {
    /// Runs `program` and returns how it ended and what it wrote; only that it takes too long is an error.
    static func outcome(
        of program: String, _ arguments: [String], within limit: Duration = .seconds(120)
    ) async throws -> (status: Int32, output: [UInt8]) {
        try await withScratchDirectory { directory in
            let process = try HostProcess(program, arguments, log: "\(directory)/output")
            let status = try await process.end(within: limit)
            return (status, Array(FileManager.default.contents(atPath: "\(directory)/output") ?? Data()))
        }
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
