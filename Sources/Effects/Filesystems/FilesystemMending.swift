import Faults
import LinuxSystem
package import SystemPackage

/// Checks an ext filesystem and mends what can be mended.
package enum FilesystemMending {
    /// What became of it.
    package enum Outcome: Equatable, Sendable {
        /// Nothing was wrong.
        case clean
        /// Something was, and is no longer; what e2fsck said.
        case mended(String)
        /// e2fsck could not mend it; what it said. Only making it anew helps.
        case lost(String)
    }

    /// Runs e2fsck, answering yes to every question: for a filesystem whose contents can be had again.
    ///
    /// - Throws: `FilesystemError` when e2fsck could not be run, or could not reach the device: that is no damage.
    package static func run(
        _ device: FilePath, tools: FilesystemTools = FilesystemTools()
    ) throws(FilesystemError) -> Outcome {
        let outcome: ChildProcess.Outcome
        do {
            outcome = try tools.outcome("e2fsck", ["-f", "-y", device.string], keeping: .tail(atMost: 64 << 10))
        } catch {
            throw .check(device, "\(error)", "")
        }
        let lines = String(decoding: outcome.standardOutput + outcome.standardError, as: UTF8.self)
            .split(separator: "\n")
        let said = lines.suffix(3).joined(separator: "; ")
        // e2fsck(8): 0 clean, 1 mended, 2 mended and wants a reboot, 4 damage remains, 8 operational error, to which
        // it counts that no copy of the superblock is left; 16 and above: it was not run as it should be.
        switch outcome.termination {
        case .exited(0): return .clean
        case .exited(1), .exited(2), .exited(3): return .mended(said)
        case .exited(4..<8): return .lost(said)
        case .exited(8) where lines.contains { $0.contains("Bad magic number in super-block") }: return .lost(said)
        default: throw .check(device, "\(outcome.termination)", said)
        }
    }
}

extension FilesystemError {
    /// e2fsck did not get as far as to judge.
    static func check(_ device: FilePath, _ cause: String, _ said: String) -> FilesystemError {
        FilesystemError(
            .check, "checking", device.string,
            cause: said.isEmpty ? cause : "\(cause): \(said)",
            remedy: "Check the kernel log and the disk's health, and that nothing uses it.")
    }
}
