import BootModel
package import GrubEnvironment
import ImageModel

/// Makes a damaged boot environment whole again.
package struct RepairedEnvironment: Equatable, Sendable {
    /// What is to be written; nil when nothing is wrong.
    package var result: BootEnvironment?
    /// What was wrong or assumed, one line each.
    package var changes: [String]

    /// Decides what to write: nothing, the readable part with safe values, or an environment made from the disk.
    ///
    /// - Throws: `CommandFailure` when nothing can be read, or no image is to be found.
    package init(_ machine: some MachineAccess) throws(CommandFailure) {
        let inspection = try EnvironmentInspection(machine)
        guard !inspection.problems.isEmpty else {
            self.init(result: nil, changes: [])
            return
        }
        if case .readable(let environment, _) = inspection.facts {
            self.init(result: environment, changes: inspection.problems)
        } else {
            try self.init(rebuilding: inspection, machine)
        }
    }

    private init(result: BootEnvironment?, changes: [String]) {
        self.result = result
        self.changes = changes
    }

    private init(
        rebuilding inspection: EnvironmentInspection, _ machine: some MachineAccess
    ) throws(CommandFailure) {
        let parameters = try BootParameters(machine)
        let running = parameters.role.flatMap { role in parameters.image.map { (role: role, image: $0) } }
        let (inventory, notes) = Self.inventory(machine)
        let backup = inspection.copies.backup.flatMap { try? BootEnvironment.read($0).environment }
        let rebuilt = BootEnvironment.rebuilt(from: inventory, backup: backup, running: running)
        guard Role.allCases.contains(where: { rebuilt.environment.image(of: $0) != nil }) else {
            throw CommandFailure(
                "rebuilding", "boot.env", cause: (["no image was found"] + notes).joined(separator: "; "),
                remedy: "Check the state and recovery partitions.")
        }
        let assumed = rebuilt.problems.map { "\($0.variable): assumed \($0.assumed)" }
        self.init(result: rebuilt.environment, changes: inspection.problems + notes + assumed)
    }

    private static func inventory(_ machine: some MachineAccess) -> (found: [FoundImage], notes: [String]) {
        var found: [FoundImage] = []
        var notes: [String] = []
        for place in [FoundImage.Place.state, .recovery] {
            do { found += try machine.images(on: place).filter(\.isComplete).map(\.found) } catch {
                notes.append("the \(place) partition could not be read: \(error)")
            }
        }
        return (found, notes)
    }

    /// Writes what was decided, both copies.
    ///
    /// - Throws: `CommandFailure` when the boot partition cannot be written.
    package func write(_ machine: inout some MachineAccess) throws(CommandFailure) {
        guard let result else { return }
        try machine.commit(result, rolesChanged: true)
    }
}

extension MachineAccess {
    /// Writes the boot environment.
    ///
    /// - Throws: `CommandFailure` with what to do when the boot partition cannot be written.
    mutating func commit(_ environment: BootEnvironment, rolesChanged: Bool) throws(CommandFailure) {
        do { try write(environment, rolesChanged: rolesChanged) } catch {
            throw CommandFailure(
                "writing", "boot.env", cause: "\(error)",
                remedy: "Nothing was changed; see that the boot partition is sound and not write-protected.")
        }
    }
}

extension RepairedEnvironment {
    /// What was wrong and what is, or would be, written; for people.
    package func lines(isDryRun: Bool) -> [String] {
        guard let result else { return ["Nothing to repair."] }
        let variables = EnvironmentVariable.allCases.map { "  \($0.rawValue)=\(result.text(of: $0))" }
        return changes + [isDryRun ? "This would be written:" : "This was written:"] + variables
    }
}
