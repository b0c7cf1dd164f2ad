import Foundation
import Glibc

/// The process of one QEMU; it dies with the handle at the latest.
final class QEMUProcess: Sendable {
    private let identifier: pid_t
    private let logPath: String

    /// Starts `qemu-system-x86_64`; its own messages go to the file `log`.
    init(_ arguments: [String], log: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/qemu-system-x86_64")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardOutput = FileHandle(forWritingAtPath: log)
        process.standardError = process.standardOutput
        try process.run()
        identifier = process.processIdentifier
        logPath = log
    }

    /// What QEMU itself said.
    var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    /// Ends QEMU without letting it write anything more.
    func kill() { _ = Glibc.kill(identifier, SIGKILL) }

    deinit { kill() }
}
