import BootModel
package import GrubEnvironment
package import ImageModel

/// What `lifeboot switch` changes, and what the operator should know about it.
package struct RoleSwitch: Equatable, Sendable {
    /// The environment before.
    package var before: BootEnvironment
    /// The environment after.
    package var after: BootEnvironment
    /// Warnings, one line each.
    package var warnings: [String]

    /// Decides whether and how to switch.
    ///
    /// - Parameter isForced: whether damaged files are no reason to refuse.
    /// - Throws: `CommandFailure` with `refused` when the role has no image or, unless forced, damaged files.
    package init(_ facts: StatusFacts, to role: Role, once: Bool, isForced: Bool) throws(CommandFailure) {
        before = try facts.environment.writable()
        guard let after = before.switching(to: role, once: once) else {
            throw Self.refusal(role, cause: "no image has this role", remedy: "See `lifeboot status`.")
        }
        self.after = after
        warnings = []
        try checkFiles(facts, role, isForced)
        addWarnings(facts, role, once)
    }

    /// What changes, `default: active -> passive` each; empty when it was so already.
    package var changes: [String] { before.changes(to: after) }

    /// Writes the change, when there is one.
    ///
    /// - Throws: `CommandFailure` when the boot partition cannot be written.
    package func write(_ machine: inout some MachineAccess) throws(CommandFailure) {
        guard before != after else { return }
        try machine.commit(after, rolesChanged: before.differsInRoles(from: after))
    }

    private mutating func checkFiles(
        _ facts: StatusFacts, _ role: Role, _ isForced: Bool
    ) throws(CommandFailure) {
        let place = FoundImage.Place(of: role)
        let fault: String?
        if facts.unknownPlaces.contains(place) {
            fault = "the \(place) partition could not be read, so nobody knows whether its files are there"
        } else if let stored = facts.stored(role) {
            fault = stored.faults.isEmpty ? nil : stored.faults.joined(separator: ", ")
        } else {
            fault = "its directory is not on the \(place) partition"
        }
        guard let fault else { return }
        guard isForced else {
            throw Self.refusal(role, cause: fault, remedy: "Add --force to switch all the same.")
        }
        warnings.append("\(role.rawValue): \(fault)")
    }

    private mutating func addWarnings(_ facts: StatusFacts, _ role: Role, _ once: Bool) {
        warnings += facts.environment.problems
        if let pending = before.pending, role != .recovery {
            warnings.append("a \(pending.rawValue) is pending; recovery boots first and finishes it")
        }
        if once, case .failed(let why) = facts.saving {
            warnings.append("the choice may last longer than one boot, for GRUB could not save: \(why)")
        }
    }

    private static func refusal(_ role: Role, cause: String, remedy: String) -> CommandFailure {
        CommandFailure("switching to", role.rawValue, cause: cause, remedy: remedy, status: .refused)
    }
}
