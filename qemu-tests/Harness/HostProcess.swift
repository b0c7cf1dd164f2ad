import Foundation
import Glibc

/// A running program of the host; it dies with the handle at the latest.
///
/// The program must not leave a daemon behind: Foundation would go on waiting for that one.
final class HostProcess: Sendable {
    private let name: String
    private let identifier: pid_t
    private let logPath: String
    private let ended = Mailbox<Int32>()

    /// Starts `program`; standard output and standard error go to the file `log`.
    init(_ program: String, _ arguments: [String], log: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardInput = FileHandle.nullDevice
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardOutput = FileHandle(forWritingAtPath: log)
        process.standardError = process.standardOutput
        process.terminationHandler = { [ended] process in
            let status = process.terminationStatus
            Task { await ended.post(status) }
        }
        try Self.unblockingSignals { try process.run() }
        name = program
        identifier = process.processIdentifier
        logPath = log
    }

    /// Runs `body` with no signal blocked: the threads that run tasks block most, and a program inherits that.
    private static func unblockingSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    /// What the program said.
    var log: String { String(decoding: FileManager.default.contents(atPath: logPath) ?? Data(), as: UTF8.self) }

    /// Waits for the end and returns the exit status.
    func end(within limit: Duration) async throws -> Int32 {
        let status = try await ended.first("\(name)'s end", within: limit)
        await ended.post(status)
        return status
    }

    /// Asks the program to end.
    func terminate() { _ = Glibc.kill(identifier, SIGTERM) }

    /// Ends the program without letting it write anything more.
    func kill() { _ = Glibc.kill(identifier, SIGKILL) }

    deinit { kill() }
}
