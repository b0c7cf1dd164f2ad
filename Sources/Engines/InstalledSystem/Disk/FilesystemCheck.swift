package import BlockDevices
import LinuxSystem
import SystemPackage

/// Runs e2fsck where a file system asks for it.
package enum FilesystemCheck {
    /// How long somebody is told that a repair goes on; one that takes longer is taken for a hang.
    private static let patience = Duration.seconds(3600)

    /// Checks an ext file system when its superblock says that it is damaged, or when forced.
    ///
    /// A journal that only needs replaying is left to the kernel, which does it in milliseconds at mount.
    ///
    /// - Parameters:
    ///   - force: nil to check nothing, true to check a clean one as well.
    ///   - whileWaiting: called every few seconds, for an hour at most, so that a watchdog can be served.
    /// - Returns: what was repaired; nil when nothing was.
    /// - Throws: `PartitionError` when damage remains; `ProcessError` when e2fsck could not be run at all.
    package static func run(
        _ device: BlockDevice, force: Bool?, whileWaiting: () -> Void = {}
    ) throws -> String? {
        guard let force, device.filesystemType?.hasPrefix("ext") == true else { return nil }
        let superblock = try Ext4Superblock.read(device.path)
        guard force || superblock.hasErrors || !(superblock.isClean || superblock.needsRecovery) else { return nil }
        let arguments = ["-p"] + (force ? ["-f"] : []) + [device.path.string]
        let end = Deadline.after(patience)
        // A tail, because a program that says more than may be captured is ended, and this one is in the middle of writing.
        let outcome = try ChildProcess.run("e2fsck", arguments, output: .tail(atMost: 64 << 10)) {
            if !end.isPast { whileWaiting() }
        }
        // e2fsck(8): 0 clean, 1 repaired, 2 repaired and wants a reboot; 4 and above mean that damage remains.
        switch outcome.termination {
        case .exited(0): return nil
        case .exited(1), .exited(2): return "e2fsck repaired \(device.path): \(outcome.text)"
        default: throw PartitionError.checkFailed(device.path, "\(outcome.termination)", outcome.text)
        }
    }
}

extension ChildProcess.Outcome {
    /// What the program printed on both streams, in one line.
    var text: String {
        String(decoding: standardOutput + standardError, as: UTF8.self).split(separator: "\n").joined(separator: "; ")
    }
}
