import BootModel
package import DiskContract
package import Faults
package import Plans
package import SystemPackage

/// What putting the image's own back is planned from.
package struct PersistenceFacts: Equatable, Sendable {
    /// What something is.
    package enum Entry: Equatable, Sendable {
        /// Nothing has the name.
        case missing
        /// A file, a folder or a link.
        case plain
        /// Something that cannot be copied: a device, a pipe, a socket.
        case special
    }

    /// The kept path.
    package var kept: KeptPath
    /// What of it is to be reset; empty for all.
    package var part: FilePath
    /// What is there now.
    package var here: Entry
    /// What the image has there.
    package var image: Entry
    /// Whether anything of it is kept apart from the image: in an overlay its upper layer has it, else it differs.
    package var isKept: Bool
    /// A folder above it in an overlay that does not let the image's show through; nil when there is none.
    package var hidingFolder: FilePath?
    /// Whether the folder that it lies in is there.
    package var hasParent = true
    /// What is mounted in it.
    package var mounts: [FilePath] = []
    /// What is to be reset at the next boot already.
    package var mark = ResetMark()

    /// Makes the facts of something that both have.
    package init(_ kept: KeptPath, _ part: FilePath, here: Entry, image: Entry, isKept: Bool) {
        (self.kept, self.part, self.here, self.image, self.isKept) = (kept, part, here, image, isKept)
    }

    fileprivate var place: FilePath { kept.place(of: part) }
}

/// Decides how a part of a kept path becomes what the running image has.
///
/// An overlay's layers must not change while it is mounted, and of a bind the root stays what it is: both are marked for the
/// next boot, which removes what was kept before it mounts the path. What lies in a bind is exchanged at once.
package enum PersistencePlan {
    /// Plans a reset; no steps when nothing is to be done.
    ///
    /// - Throws: `Refusal` when there is nothing of the name, or it cannot be done there.
    package static func reset(_ facts: PersistenceFacts) throws(Refusal) -> Plan<PersistenceAction> {
        guard facts.part.isEmpty || facts.here != .missing || facts.image != .missing else {
            throw Refusal(
                .notFound, "resetting", facts.place.string,
                cause: "neither this machine nor the image has it, or a link is on the way",
                remedy: "`lifeboot persistence diff` names what differs. Links are not followed.")
        }
        guard facts.isKept || facts.part.isEmpty else { return plan(facts, []) }
        return facts.part.isEmpty || facts.kept.mode == .overlay ? try marked(facts) : try exchanged(facts)
    }

    /// Plans to take back what the next boot would reset.
    ///
    /// - Throws: `Refusal` when it is not to be reset.
    package static func takeBack(_ facts: PersistenceFacts) throws(Refusal) -> Plan<PersistenceAction> {
        var mark = facts.mark
        guard mark.remove(facts.part) else {
            throw Refusal(
                .notFound, "taking back the reset of", facts.place.string, cause: "it is not to be reset",
                remedy: "`lifeboot persistence status` says what the next boot resets.")
        }
        return plan(facts, [Step(.commit, .writeMark(facts.kept, mark))])
    }

    private static func marked(_ facts: PersistenceFacts) throws(Refusal) -> Plan<PersistenceAction> {
        if let folder = facts.hidingFolder {
            let place = facts.kept.place(of: folder)
            throw Refusal(
                .impossible, "resetting", facts.place.string,
                cause: "\(place) was made anew here, so nothing of the image's shows in it",
                remedy: "Reset \(place).")
        }
        var mark = facts.mark
        mark.add(facts.part)
        guard mark != facts.mark else { return plan(facts, []) }
        guard mark.isWritable else {
            throw Refusal(
                .impossible, "resetting", facts.place.string, cause: "too many paths are to be reset already",
                remedy: "Restart the machine first, or reset the folder that they lie in.")
        }
        return plan(facts, [Step(.commit, .writeMark(facts.kept, mark))])
    }

    private static func exchanged(_ facts: PersistenceFacts) throws(Refusal) -> Plan<PersistenceAction> {
        let (kept, part) = (facts.kept, facts.part)
        if let mount = facts.mounts.first {
            throw Refusal(
                .impossible, "resetting", facts.place.string, cause: "something is mounted on \(mount)",
                remedy: "Unmount it first, or reset what lies beside it.")
        }
        guard facts.hasParent else {
            throw Refusal(
                .impossible, "resetting", facts.place.string, cause: "the folder that it lies in is not there",
                remedy: "Reset that folder.")
        }
        guard facts.image != .special else {
            throw Refusal(
                .impossible, "resetting", facts.place.string, cause: "it is a device, a pipe or a socket in the image",
                remedy: "Make it by hand.")
        }
        let clean = Step(.finish, PersistenceAction.clean(kept))
        guard facts.image == .plain else { return plan(facts, [Step(.commit, .takeAway(kept, part)), clean]) }
        let put = facts.here == .missing ? PersistenceAction.putBack(kept, part) : .exchange(kept, part)
        return plan(facts, [Step(.prepare, .stage(kept, part)), Step(.commit, put), clean])
    }

    private static func plan(
        _ facts: PersistenceFacts, _ steps: [Step<PersistenceAction>]
    ) -> Plan<PersistenceAction> {
        Plan("persistence", "\(facts.place)", steps)
    }
}
