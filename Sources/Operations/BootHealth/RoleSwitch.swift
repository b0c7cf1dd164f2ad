import BootModel
import DiskContract
package import Faults
package import GrubEnvironment
package import ImageModel
package import InstalledSystem

/// What `lifeboot switch` changes, and what the operator should know about it.
package struct RoleSwitch: Equatable, Sendable {
    /// The environment before.
    package var before: BootEnvironment
    /// The environment after.
    package var after: BootEnvironment
    /// Warnings, one line each.
    package var warnings: [String]
    private let role: Role
    private let isOnce: Bool

    /// Decides whether and how to switch.
    ///
    /// - Parameter isForced: whether damaged files are no reason to refuse.
    /// - Throws: `Refusal` of the kind `unbootable` when the role has no image or, unless forced, damaged files.
    package init(_ facts: StatusFacts, to role: Role, once: Bool, isForced: Bool) throws(Refusal) {
        before = try facts.environment.writable()
        guard let after = before.switching(to: role, once: once) else {
            throw Self.noImage(role)
        }
        self.after = after
        (self.role, isOnce, warnings) = (role, once, [])
        try checkFiles(facts, role, isForced)
        addWarnings(facts, role, once)
    }

    /// What changes, `default: active -> passive` each; empty when it was so already.
    package var changes: [String] { before.changes(to: after) }

    /// Makes the change to the environment as it is by then.
    ///
    /// - Returns: what failed although the change counts, a sentence each.
    /// - Throws: when the boot partition cannot be written, and nothing was changed.
    package func write(_ machine: inout some EnvironmentAccess & ~Copyable) throws -> [String] {
        try machine.changeRoles { current in
            guard let after = current.switching(to: role, once: isOnce) else { throw Self.noImage(role) }
            return after
        }
    }

    private mutating func checkFiles(
        _ facts: StatusFacts, _ role: Role, _ isForced: Bool
    ) throws(Refusal) {
        let place = Store(of: role)
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

    private static func noImage(_ role: Role) -> Refusal {
        refusal(role, cause: "no image has this role", remedy: "See `lifeboot status`.")
    }

    private static func refusal(_ role: Role, cause: String, remedy: String) -> Refusal {
        Refusal(.unbootable, "switching to", role.rawValue, cause: cause, remedy: remedy)
    }
}
