package import ImageModel

/// Everything that is decided from which overlays are stacked.
package struct OverlayFacts: Equatable, Sendable {
    /// All overlays of both folders, in any order.
    package var candidates: [OverlayCandidate]
    /// All policies of both folders, in any order.
    package var policies: [OverlayPolicyFile]
    /// The system and the machine.
    package var host: OverlayHost
    /// What the overlays are stacked over; a hierarchy that is missing is not in the image.
    package var hierarchies: [OverlayHierarchy: HierarchyFacts]
    /// What the kernel takes.
    package var limits: OverlayLimits
    /// What the folders have that is nothing, from `OverlayListing`.
    package var remarks: [String]

    /// Gathers facts.
    package init(
        candidates: [OverlayCandidate], policies: [OverlayPolicyFile] = [], host: OverlayHost,
        hierarchies: [OverlayHierarchy: HierarchyFacts], limits: OverlayLimits = OverlayLimits(), remarks: [String] = []
    ) {
        self.candidates = candidates
        self.policies = policies
        self.host = host
        self.hierarchies = hierarchies
        self.limits = limits
        self.remarks = remarks
    }
}

/// An overlay that is there.
package struct OverlayCandidate: Equatable, Sendable {
    /// Where.
    package var source: OverlaySource
    /// What keeps it from being changed.
    package var protection: OverlayProtection
    /// What is in it.
    package var contents: Contents

    /// What looking into it gave.
    package enum Contents: Equatable, Sendable {
        /// A tree.
        case tree(OverlayTree)
        /// Why it could not be read, without full stop.
        case unreadable(String)
    }

    /// Describes an overlay.
    package init(_ source: OverlaySource, protection: OverlayProtection, _ contents: Contents) {
        self.source = source
        self.protection = protection
        self.contents = contents
    }
}

/// The policy of an overlay.
package struct OverlayPolicyFile: Equatable, Sendable {
    /// What reading it gave.
    package enum Contents: Equatable, Sendable {
        /// A policy.
        case policy(OverlayPolicy)
        /// What is wrong in it, without full stop, and whether it says all the same that its overlay is required.
        case wrong(String, saysRequired: Bool)
    }

    /// The folder that it lies in.
    package var folder: OverlayFolder
    /// The overlay that it is about.
    package var name: OverlayName
    /// Whether an image key has signed it; those of the image need no signature.
    package var isSigned: Bool
    /// What it says.
    package var contents: Contents

    /// Describes a policy.
    package init(_ folder: OverlayFolder, _ name: OverlayName, isSigned: Bool = false, _ contents: Contents) {
        self.folder = folder
        self.name = name
        self.isSigned = isSigned
        self.contents = contents
    }
}

/// What overlays have to fit.
package struct OverlayHost: Equatable, Sendable {
    /// The os-release of the system that boots, not that of the initramfs.
    package var osRelease: ReleaseText
    /// The machine type as systemd spells it (`SystemdArchitecture`).
    package var architecture: String
    /// The board's name; nil when nothing says it.
    package var board: String?
    /// The role that boots.
    package var role: Role
    /// Whether only what an image key has signed counts.
    package var isSealed: Bool

    /// Describes a machine.
    package init(
        osRelease: ReleaseText, architecture: String, board: String? = nil, role: Role, isSealed: Bool = false
    ) {
        self.osRelease = osRelease
        self.architecture = architecture
        self.board = board
        self.role = role
        self.isSealed = isSealed
    }
}

/// What overlays of one hierarchy are stacked over, and what comes on top of them.
package struct HierarchyFacts: Equatable, Sendable {
    /// What the image has at paths that overlays have, by path; where it has nothing there is no entry.
    package var image: [String: OverlayNode.Kind]
    /// How many overlays the hierarchy lies in already: 0 in an image, 1 when the whole root is writable.
    package var below: Int
    /// Whether the layout makes the hierarchy writable: then the layers become lower ones of that overlay.
    package var isWritable: Bool
    /// How many overlays the layout stacks in folders inside, at the deepest place.
    package var inside: Int
    /// What hides it altogether, such as a folder of the persistent partition; nil when nothing does.
    package var hiddenBy: String?

    /// Describes a hierarchy.
    package init(
        image: [String: OverlayNode.Kind] = [:], below: Int = 0, isWritable: Bool = false, inside: Int = 0,
        hiddenBy: String? = nil
    ) {
        self.image = image
        self.below = below
        self.isWritable = isWritable
        self.inside = inside
        self.hiddenBy = hiddenBy
    }

    /// How many overlays lie in each other once ours are stacked, as the kernel counts them; sums that overflow are too many.
    var depth: Int {
        let (sum, first) = below.addingReportingOverflow(inside)
        let (depth, second) = sum.addingReportingOverflow(1)
        return first || second ? .max : depth
    }
}
