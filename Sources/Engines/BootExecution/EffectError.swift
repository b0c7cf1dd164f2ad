import BootModel
import DiskContract
import SystemPackage

/// Says why a step of a boot cannot be carried out, where no lower layer has said so.
struct EffectError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What failed, why, and what to do.
    let description: String

    static let noBootPartition = EffectError(
        description:
            "finding a partition: the boot disk is not known. Boot through grub.cfg, which passes lifeboot.boot=.")

    static func locked(_ path: FilePath, _ reasons: [String]) -> EffectError {
        EffectError(
            description: "opening \(path): it stays locked: \(reasons.joined(separator: "; ")). "
                + "Put its key at \(MachinePaths.persistentKey), or give the passphrase in time "
                + "(lifeboot.unlock-timeout=).")
    }

    static func alreadySeeded(_ path: FilePath) -> EffectError {
        EffectError(
            description: "persisting \(path): something that is no folder is in its place on the persistent partition. "
                + "Move it away.")
    }
}
