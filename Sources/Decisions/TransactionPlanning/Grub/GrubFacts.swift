package import GrubEnvironment

/// Names a program that a firmware loads.
package enum GrubLoader: String, CaseIterable, Sendable {
    /// The core image in the BIOS partition.
    case bios
    /// `BOOTX64.EFI`.
    case uefi
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
    /// What was found that nothing is done about, a sentence each.
    package var notes: [String]

    /// Makes the facts.
    package init(
        offered: Int, arrangement: Arrangement, copies: [GrubCopy: CopyState] = [:], proven: GrubCopy? = nil,
        outdated: Set<GrubLoader> = [], notes: [String] = []
    ) {
        self.offered = offered
        self.arrangement = arrangement
        self.copies = copies
        self.proven = proven
        self.outdated = outdated
        self.notes = notes
    }
}
