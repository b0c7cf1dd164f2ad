package import GrubEnvironment
package import ImagePlanning

/// Names a program that a firmware loads, or a file that belongs to it.
package enum GrubLoader: Hashable, Sendable {
    /// The core image in the BIOS partition.
    case bios
    /// A file on the boot partition.
    case uefi(LoaderFile)
}

/// What GRUB's upgrade is planned from.
package struct GrubFacts: Equatable, Sendable {
    /// What one copy of the configuration is like.
    package enum CopyState: Equatable, Sendable {
        /// Its files are there and its digest fits.
        case whole(version: Int)
        /// Something is missing or damaged.
        case damaged

        /// Its version; nil when it is damaged.
        package var version: Int? { if case .whole(let version) = self { version } else { nil } }
    }

    /// How the configuration lies on the boot partition.
    package enum Arrangement: Equatable, Sendable {
        /// One file, as older builders made it.
        case single
        /// Two copies and what `grub.env` says; the selection is nil when the block cannot be used.
        case copies(GrubSelection?)
    }

    /// The version of the files that are offered.
    package var offered: Int
    /// How it is now.
    package var arrangement: Arrangement
    /// What the copies are like.
    package var copies: [GrubCopy: CopyState]
    /// The copy that started this system, which is healthy; nil when GRUB did not say, or it is not known to be healthy.
    package var proven: GrubCopy?
    /// The loaders of this disk whose bytes are not those offered.
    package var outdated: Set<GrubLoader>
    /// Whether those for UEFI are a pair that a distribution has signed, which changes without a change of ours.
    package var isPair: Bool
    /// What was found that nothing is done about, a sentence each.
    package var notes: [String]

    /// Makes the facts.
    package init(
        offered: Int, arrangement: Arrangement, copies: [GrubCopy: CopyState] = [:], proven: GrubCopy? = nil,
        outdated: Set<GrubLoader> = [], isPair: Bool = false, notes: [String] = []
    ) {
        self.offered = offered
        self.arrangement = arrangement
        self.copies = copies
        self.proven = proven
        self.outdated = outdated
        self.isPair = isPair
        self.notes = notes
    }
}
