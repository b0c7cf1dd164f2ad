import BootExecution
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
        let lister = ImageLister(machine)
        let repair = try Self.repair(inspection.copies, machine, lister)
        guard let environment = repair?.environment ?? inspection.facts.primary else {
            throw inspection.facts.unwritable
        }
        guard Role.allCases.contains(where: { environment.image(of: $0) != nil }) else {
            throw CommandFailure(
                "rebuilding", "boot.env", cause: (["no image was found"] + lister.notes).joined(separator: "; "),
                remedy: "Check the state and recovery partitions.")
        }
        let problems = inspection.problems + (repair?.problems ?? []).filter { !inspection.problems.contains($0) }
        self.init(result: environment, changes: problems + lister.notes)
    }

    private init(result: BootEnvironment?, changes: [String]) {
        self.result = result
        self.changes = changes
    }

    /// Decides as the initramfs does.
    private static func repair<Machine: MachineAccess>(
        _ copies: EnvironmentCopies, _ machine: Machine, _ lister: ImageLister<Machine>
    ) throws(CommandFailure) -> EnvironmentRepair.Repair? {
        let parameters = try BootParameters(machine)
        let running = parameters.role.flatMap { role in parameters.image.map { (role: role, image: $0) } }
        let stored = EnvironmentStore.Copies(
            primary: copies.primary, backup: copies.backup, problems: copies.problems)
        do { return try EnvironmentRepair.decide(stored, running: running, inventory: lister.found) } catch {
            throw CommandFailure(
                "rebuilding", "boot.env", cause: "\(error)", remedy: "Check the state and recovery partitions.")
        }
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

/// Lists the whole images of both partitions, and remembers which could not be read.
private final class ImageLister<Machine: MachineAccess> {
    private let machine: Machine
    /// The partitions that could not be read, one line each.
    private(set) var notes: [String] = []

    init(_ machine: Machine) { self.machine = machine }

    func found() -> [FoundImage] {
        var found: [FoundImage] = []
        for place in [FoundImage.Place.state, .recovery] {
            do { found += try machine.images(on: place).filter(\.isComplete).map(\.found) } catch {
                notes.append("the \(place) partition could not be read: \(error)")
            }
        }
        return found
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
