import BootExecution
import BootModel
import DiskContract
package import Faults
package import GrubEnvironment
import ImageModel
package import InstalledSystem

/// Makes a damaged boot environment whole again.
package struct RepairedEnvironment: Equatable, Sendable {
    /// What is to be written; nil when nothing is wrong.
    package var result: BootEnvironment?
    /// What was wrong or assumed, one line each.
    package var changes: [String]

    /// Decides what to write: nothing, the readable part with safe values, or an environment made from the disk.
    ///
    /// - Throws: `Refusal` when nothing can be read, or no image is to be found.
    package init(_ machine: borrowing some MachineAccess & ~Copyable) throws(Refusal) {
        let inspection = try EnvironmentInspection(machine)
        guard !inspection.problems.isEmpty else {
            self.init(result: nil, changes: [])
            return
        }
        let (images, notes) = machine.wholeImages()
        let repair = try Self.repair(inspection.copies, try BootParameters(machine), images.map(\.found))
        guard let environment = repair?.environment ?? inspection.facts.primary else {
            throw inspection.facts.unwritable
        }
        guard Role.allCases.contains(where: { environment.image(of: $0) != nil }) else {
            throw Refusal(
                .impossible, "rebuilding", "boot.env", cause: (["no image was found"] + notes).joined(separator: "; "),
                remedy: "Check the state and recovery partitions.")
        }
        let problems = inspection.problems + (repair?.problems ?? []).filter { !inspection.problems.contains($0) }
        self.init(result: environment, changes: problems + notes)
    }

    private init(result: BootEnvironment?, changes: [String]) {
        self.result = result
        self.changes = changes
    }

    /// Decides as the initramfs does.
    private static func repair(
        _ copies: EnvironmentCopies, _ parameters: BootParameters, _ images: [FoundImage]
    ) throws(Refusal) -> EnvironmentRepair.Repair? {
        let running = parameters.role.flatMap { role in parameters.image.map { (role: role, image: $0) } }
        do { return try EnvironmentRepair.decide(copies, running: running) { images } } catch {
            throw Refusal(
                .impossible, "rebuilding", "boot.env", because: error,
                remedy: "Check the state and recovery partitions.")
        }
    }

    /// Writes what was decided, both copies.
    ///
    /// - Returns: what failed although the change counts, a sentence each.
    /// - Throws: when the boot partition cannot be written, and nothing was changed.
    package func write(_ machine: inout some EnvironmentAccess & ~Copyable) throws -> [String] {
        guard let result else { return [] }
        return try machine.commit { _ in result }
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
