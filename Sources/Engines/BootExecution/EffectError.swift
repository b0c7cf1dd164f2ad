import BootModel
import DiskContract
import Faults
import SystemPackage

/// Says why a step of a boot cannot be carried out, where no lower layer has said so.
typealias EffectError = Fault<EffectFault>

/// Names what a step of a boot fails by.
enum EffectFault: FaultKind {
    /// The partition that the boot came from.
    case partition
    /// A volume that stays locked.
    case locked
    /// A path that cannot be made persistent.
    case persistence
}

extension EffectError {
    static var noBootPartition: EffectError {
        EffectError(
            .partition, "finding", "a partition", cause: "the boot disk is not known",
            remedy: "Boot through grub.cfg, which passes lifeboot.boot=.")
    }

    static func locked(_ path: FilePath, _ reasons: [String]) -> EffectError {
        EffectError(
            .locked, "opening", path.string, cause: "it stays locked: \(reasons.joined(separator: "; "))",
            remedy: "Put its key at \(MachinePaths.persistentKey), or give the passphrase in time "
                + "(lifeboot.unlock-timeout=).")
    }

    static func alreadySeeded(_ path: FilePath) -> EffectError {
        EffectError(
            .persistence, "persisting", path.string,
            cause: "something that is no folder is in its place on the persistent partition",
            remedy: "Move it away.")
    }
}
