import BlockDevices
import BootModel
import SystemPackage

/// Says why a step of a boot cannot be carried out, where no lower layer has said so.
struct EffectError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What failed, why, and what to do.
    let description: String

    static let noBootPartition = EffectError(
        description:
            "finding a partition: the boot disk is not known. Boot through grub.cfg, which passes lifeboot.boot=.")

    static func noPartition(_ name: String, _ label: String, of boot: BlockDevice) -> EffectError {
        EffectError(
            description: "finding PARTLABEL=\(name): the disk of \(boot.path) has no such partition and no file system "
                + "labelled \(label). Other disks are never used. Install the system again, or restore the partition.")
    }

    static func noFilesystem(_ path: FilePath) -> EffectError {
        EffectError(
            description: "mounting \(path): no known file system is on it. "
                + "Format it, or check that it is the device that was meant.")
    }

    static func unreadableFilesystem(_ path: FilePath, _ reason: String) -> EffectError {
        EffectError(
            description: "mounting \(path): its file system could not be made out: \(reason). "
                + "Check the kernel log and the disk's health.")
    }

    static func order(_ step: String) -> EffectError {
        EffectError(
            description: "\(step): an earlier step left nothing to work on. This is a fault of the plan; report it.")
    }

    static func checkFailed(_ path: FilePath, _ outcome: String, _ output: String) -> EffectError {
        EffectError(
            description: "checking \(path): e2fsck could not repair it (\(outcome)): \(output) "
                + "Run e2fsck by hand from recovery, or reset the machine.")
    }

    static func locked(_ path: FilePath, _ reasons: [String]) -> EffectError {
        EffectError(
            description: "opening \(path): it stays locked: \(reasons.joined(separator: "; ")). "
                + "Put its key at \(MachinePaths.persistentKey), or give the passphrase in time "
                + "(lifeboot.unlock-timeout=).")
    }

    static func notPersistent(_ path: FilePath) -> EffectError {
        EffectError(
            description: "persisting \(path): the persistent partition is not mounted. See why mount-persistent failed."
        )
    }

    static func alreadySeeded(_ path: FilePath) -> EffectError {
        EffectError(
            description: "persisting \(path): something that is no folder is in its place on the persistent partition. "
                + "Move it away.")
    }
}
