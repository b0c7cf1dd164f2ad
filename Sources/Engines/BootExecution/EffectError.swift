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
    /// A path that nothing may be mounted over.
    case reserved
    /// Something that a sealed system does not take.
    case sealed
    /// The modules of the kernel.
    case modules
    /// An overlay that a boot must not go on without.
    case overlay
    /// An image in the initramfs that memory did not suffice for.
    case memory
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

    static func notEncrypted(_ path: FilePath, holding filesystem: String?) -> EffectError {
        EffectError(
            .locked, "opening", path.string,
            cause: "the layout says that it is encrypted, and it holds \(filesystem ?? "nothing that is known")",
            remedy: "Somebody may have put it there: find out who before you trust it. If it is right, take "
                + "persistent.encrypted and persistent.key-file out of the layout.")
    }

    static func reserved(_ path: FilePath, _ place: FilePath) -> EffectError {
        EffectError(
            .reserved, "mounting over", path.string,
            cause: path == place ? "it belongs to the system" : "it leads to \(place), which belongs to the system",
            remedy: "Name another path in the layout; docs/layout.md says which are possible.")
    }

    static func foreignArguments(_ words: [String]) -> EffectError {
        EffectError(
            .sealed, "checking", "the kernel's command line",
            cause: "this system is sealed, and its image has not signed \(words.joined(separator: " "))",
            remedy: "Start an entry of the menu as it is; arguments that are to count belong into the image.")
    }

    static func notUnpacked(_ path: FilePath, _ size: Int64, of whole: Int64) -> EffectError {
        EffectError(
            .memory, "attaching", path.string,
            cause: "the kernel unpacked \(size) of its \(whole) bytes: the memory did not suffice",
            remedy:
                "Give the machine \(LiveMemory.needed(for: whole) >> 20) MiB of memory, or start it from the image's "
                + "ISO, which needs less: by HTTP, if the firmware is UEFI.")
    }

    static func requiredOverlay(_ said: String) -> EffectError {
        EffectError(
            .overlay, "stacking", "overlays", cause: said,
            remedy: "Start recovery, which takes no overlays unless they say so, and correct it or its policy there.")
    }

    static func alreadySeeded(_ path: FilePath) -> EffectError {
        EffectError(
            .persistence, "persisting", path.string,
            cause: "something that is no folder is in its place on the persistent partition",
            remedy: "Move it away.")
    }
}
