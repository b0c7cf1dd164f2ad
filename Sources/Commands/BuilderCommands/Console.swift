import ImageBuilding
import LinuxSystem
import SystemPackage

/// Writes for people and for programs.
enum Console {
    /// Writes a result to standard output.
    ///
    /// - Throws: the `errno` of the write: a result that nobody got is a failure.
    static func print(_ text: String) throws(Errno) {
        _ = try catchingErrno { try FileDescriptor.standardOutput.writeAll((text + "\n").utf8) }
    }

    /// Writes a remark to standard error; that nobody reads it is no reason to stop.
    static func say(_ text: String) { _ = try? FileDescriptor.standardError.writeAll((text + "\n").utf8) }

    /// A number of bytes for people, in units of 1,000.
    static func size(_ bytes: Int) -> String {
        for (unit, name) in [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")] where bytes >= unit {
            return "\(bytes / unit).\(bytes % unit * 10 / unit) \(name)"
        }
        return "\(bytes) bytes"
    }
}

/// Shows how far something is on one line of a terminal; shows nothing elsewhere.
final class ProgressLine {
    /// Bytes between two changes of the line.
    private static let interval = 4 << 20

    private let isVisible: Bool
    private var shown: ImageProgress?

    /// Looks whether anybody watches.
    init() { isVisible = ThisProcess.isTerminal(.standardError) }

    /// Changes the line when the step or enough of it changed.
    func show(_ progress: ImageProgress) {
        if let shown, shown.step == progress.step, progress.done - shown.done < Self.interval { return }
        shown = progress
        let amount = progress.done > 0 ? " \(Console.size(progress.done))" : ""
        write("\r\u{1B}[K\(progress.step)\(amount)")
    }

    /// Removes the line.
    func clear() { if shown != nil { write("\r\u{1B}[K") } }

    private func write(_ text: String) {
        if isVisible { _ = try? FileDescriptor.standardError.writeAll(text.utf8) }
    }
}
