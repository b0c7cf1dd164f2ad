package import GrubEnvironment
package import ImagePlanning
package import JSONText
import Plans

/// What one step of GRUB's upgrade does; the order of writes is in docs/decisions/0013-grub-in-two-copies.md.
package enum GrubAction: PlannedAction {
    /// Makes copy `a` of the one configuration of an older disk.
    case adopt
    /// Writes the offered configuration as a copy that is not in use.
    case writeCopy(GrubCopy, version: Int)
    /// Writes `grub.env`.
    case select(GrubSelection)
    /// Exchanges an older disk's configuration with the selector.
    case installSelector
    /// Writes the core image where BIOS does not load it from.
    case writeCore
    /// Makes sector 0 load that core image.
    case switchCore
    /// Writes a file for UEFI under another name.
    case writeLoader(LoaderFile)
    /// Exchanges it with the one that has the name.
    case exchangeLoader(LoaderFile)

    /// The kind of action.
    package var name: String {
        switch self {
        case .adopt: "adopt-configuration"
        case .writeCopy: "write-copy"
        case .select: "select-copy"
        case .installSelector: "install-selector"
        case .writeCore: "write-core"
        case .switchCore: "switch-core"
        case .writeLoader: "write-loader"
        case .exchangeLoader: "exchange-loader"
        }
    }

    /// What it is done to.
    package var subject: String {
        switch self {
        case .adopt: "grub/a"
        case .writeCopy(let copy, let version): "grub/\(copy.rawValue) (version \(version))"
        case .select(let selection): Self.text(selection)
        case .installSelector: "grub/grub.cfg"
        case .writeCore: "the other half of the BIOS partition"
        case .switchCore: "sector 0"
        case .writeLoader(let file): "\(Self.text(file)), under another name"
        case .exchangeLoader(let file): Self.text(file)
        }
    }

    private static func text(_ selection: GrubSelection) -> String {
        "copy \(selection.copy.rawValue)" + (selection.trial.map { ", trying \($0.rawValue) once" } ?? "")
    }

    private static func text(_ file: LoaderFile) -> String {
        switch file {
        case .configuration: "the configuration of the distribution's GRUB"
        case .manager: "the program that adds keys"
        case .grub: "the distribution's GRUB"
        case .firmware: "what firmware starts"
        }
    }

    /// One sentence on what is done and why.
    package var explanation: String {
        switch self {
        case .adopt: "Keep the configuration that this disk has as a copy to fall back to."
        case .writeCopy: "Write the configuration where GRUB does not read it yet, and read it back."
        case .select: "Write one sector that says which copy GRUB reads, and which it tries once."
        case .installSelector: "Put the selector in the configuration's place, in one exchange of names."
        case .writeCore: "Write the program that BIOS loads beside the one in use, and read it back."
        case .switchCore: "Write one sector: from now on BIOS loads the new program."
        case .writeLoader: "Write what UEFI loads beside what is in use, and read it back."
        case .exchangeLoader: "Exchange the names: from now on UEFI loads the new one."
        }
    }

    /// The kind and the subject.
    package var json: JSONValue { ["kind": .string(name), "subject": .string(subject)] }
}
