package import BlockDevices
import LinuxSystem
import SystemPackage

/// Runs e2fsck where a file system asks for it.
package enum FilesystemCheck {
    /// How long somebody is told that a repair goes on; one that takes longer is taken for a hang.
    private static let patience = Duration.seconds(3600)

    /// A device whose file system can be mounted.
    package struct Result: Equatable, Sendable {
        /// The device, as it is now.
        package var device: BlockDevice
        /// What was repaired; nil when nothing was.
        package var note: String?

        /// Describes a device, repaired or not.
        package init(device: BlockDevice, note: String? = nil) {
            self.device = device
            self.note = note
        }
    }

    /// Checks an ext file system when its superblock says that it is damaged, or when forced.
    ///
    /// A journal that only needs replaying is left to the kernel, which does it in milliseconds at mount. A device on which
    /// nothing can be made out, because its first block is damaged, is repaired by a copy of the superblock.
    ///
    /// - Parameters:
    ///   - force: nil to check nothing, true to check a clean one as well.
    ///   - whileWaiting: called every few seconds, for an hour at most, so that a watchdog can be served.
    /// - Throws: `PartitionError` when damage remains; `ProcessError` when e2fsck could not be run at all.
    package static func run(
        _ device: BlockDevice, force: Bool?, whileWaiting: () -> Void = {}
    ) throws -> Result {
        guard let force else { return Result(device: device) }
        if device.filesystemType == nil, device.problem == nil, let backup = try Ext4Backup.find(on: device.path) {
            // Everything may be asked here: group descriptors beside a copy are as old as the filesystem.
            let arguments = ["-y", "-b", "\(backup.block)", "-B", "\(backup.blockSize)", device.path.string]
            let said = try repair(device, arguments, whileWaiting)
            return Result(
                device: try BlockDevice.probe(device.path),
                note: "its first block was damaged and was made again from block \(backup.block): \(said ?? "clean")")
        }
        guard device.filesystemType?.hasPrefix("ext") == true else { return Result(device: device) }
        let superblock = try Ext4Superblock.read(device.path)
        guard force || superblock.hasErrors || !(superblock.isClean || superblock.needsRecovery) else {
            return Result(device: device)
        }
        let arguments = ["-p"] + (force ? ["-f"] : []) + [device.path.string]
        return Result(device: device, note: try repair(device, arguments, whileWaiting))
    }

    /// Runs e2fsck; nil when it found nothing.
    private static func repair(
        _ device: BlockDevice, _ arguments: [String], _ whileWaiting: () -> Void
    ) throws -> String? {
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
