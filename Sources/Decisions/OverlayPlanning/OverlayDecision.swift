package import Faults
import SystemPackage

/// What becomes of an overlay.
package enum OverlayVerdict: Equatable, Sendable {
    /// It is stacked over these.
    case stacked([OverlayHierarchy])
    /// It is not meant for this machine: why, without full stop. That is no fault.
    case elsewhere(String)
    /// Another of the same name counts.
    case replaced(by: OverlaySource)
    /// It is an empty folder, which takes away the image's overlay of its name.
    case mask
    /// It is bad: why, without full stop, and whether the boot ends with it.
    case refused(String, endsBoot: Bool)
}

/// Which overlays are stacked in which order, which are not, and why.
package struct OverlayDecision: Equatable, Sendable {
    /// What becomes of one overlay.
    package struct Entry: Equatable, Sendable {
        /// Its name.
        package let name: OverlayName
        /// Where it is; nil when a policy asks for one that is nowhere.
        package let source: OverlaySource?
        /// What becomes of it.
        package let verdict: OverlayVerdict
    }

    /// The layers of one hierarchy.
    package struct Stack: Equatable, Sendable {
        /// The hierarchy.
        package let hierarchy: OverlayHierarchy
        /// Its layers over the image's folder, from the bottom up: what a later one has counts.
        package let layers: [OverlayLayer]
        /// Whether they become lower layers of the overlay that makes the hierarchy writable.
        ///
        /// Else they get a read-only one of their own. One overlay less lies in another that way, and the kernel takes two.
        package let joinsWritable: Bool
    }

    /// What becomes of each overlay, by name.
    package let entries: [Entry]
    /// What is mounted, in the order of hierarchies; those without layers are left out.
    package let stacks: [Stack]
    /// What overlays take from each other, and from the image.
    package let conflicts: [OverlayConflict]
    /// How many more conflicts there are than are listed.
    package let furtherConflicts: Int
    /// What else there is to say, without full stops.
    package let remarks: [String]

    /// Why the boot ends: the overlays that it must not go on without.
    package var failures: [Entry] {
        entries.filter { if case .refused(_, endsBoot: true) = $0.verdict { true } else { false } }
    }

    /// Ends a boot that must not go on.
    ///
    /// - Throws: `OverlayError` about the first overlay that is required and cannot be stacked.
    package func checkRequired() throws(OverlayError) {
        guard let entry = failures.first, case .refused(let reason, _) = entry.verdict else { return }
        throw OverlayError(
            .required, "stacking the overlay", entry.source?.path.string ?? entry.name.description,
            cause: "\(reason), and its policy says that it is required",
            remedy: "Start recovery, which takes no overlays unless they say so, and correct it or its policy there.")
    }
}

/// Says which overlay a boot cannot do without.
package typealias OverlayError = Fault<OverlayFault>

/// Names why overlays end a boot.
package enum OverlayFault: FaultKind {
    /// One that is required cannot be stacked.
    case required
}
