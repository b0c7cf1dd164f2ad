import Foundation

/// A program of the host, run to its end.
enum HostCommand {
    /// Runs `program` and returns its standard output and standard error.
    ///
    /// Throws a `MachineError` when it fails or takes longer than `limit`, by which it is killed.
    @discardableResult
    static func run(_ program: String, _ arguments: [String], within limit: Duration = .seconds(120)) async throws -> String {
        let output = FileManager.default.temporaryDirectory.path + "/lifeboot-output-\(UUID().uuidString)"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        defer { try? FileManager.default.removeItem(atPath: output) }
        let status = try await status(of: program, arguments, output: output, within: limit)
        let text = String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
        guard status == 0 else {
            throw MachineError("run \(program) \(arguments.joined(separator: " "))", "status \(status): \(text)")
        }
        return text
    }

    private static func status(
        of program: String, _ arguments: [String], output: String, within limit: Duration
    ) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardInput = FileHandle.nullDevice
        let file = FileHandle(forWritingAtPath: output) ?? .nullDevice
        process.standardOutput = file
        process.standardError = file
        let ended = Mailbox<Int32>()
        process.terminationHandler = { process in
            let status = process.terminationStatus
            Task { await ended.post(status) }
        }
        try process.run()
        do {
            return try await ended.first("\(program)'s end", within: limit)
        } catch {
            process.terminate()
            throw error
        }
    }
}
