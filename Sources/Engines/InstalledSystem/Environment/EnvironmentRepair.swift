package import GrubEnvironment
package import ImageModel

/// Decides what a boot environment that does not make sense is replaced by.
package enum EnvironmentRepair {
    /// What to write, and what was wrong.
    package struct Repair: Equatable, Sendable {
        /// The environment to write.
        package var environment: BootEnvironment
        /// What was wrong and what was assumed, for the operator.
        package var problems: [String]
    }

    /// Decides from both copies; nil when `boot.env` is as it should be.
    ///
    /// A block that parses keeps what makes sense in it; one that does not is rebuilt from the backup and the disks.
    /// This boot's attempt is taken off, because GRUB could not.
    ///
    /// - Parameter inventory: lists the images; called only when something has to be rebuilt.
    package static func decide(
        _ copies: EnvironmentCopies, running: (role: Role, image: ImageID)?,
        inventory: () throws -> [FoundImage]
    ) throws -> Repair? {
        if let bytes = copies.primary, let reading = try? BootEnvironment.read(bytes, backup: copies.backup) {
            guard !reading.problems.isEmpty else { return nil }
            let environment = try restoringRoles(reading, running: running, inventory: inventory)
            return Repair(environment: environment, problems: reading.problems.map(\.description))
        }
        let backup = copies.backup.flatMap { try? BootEnvironment.read($0).environment }
        let reading = BootEnvironment.rebuilt(from: try inventory(), backup: backup, running: running)
        let environment = running.map { reading.environment.takingAttempt(of: $0.role) } ?? reading.environment
        let cause =
            copies.problems + [copies.primary.map { _ in "boot.env cannot be used" } ?? "boot.env cannot be read"]
        return Repair(environment: environment, problems: cause + reading.problems.map(\.description))
    }

    /// Fills the roles whose images were absurd from what runs and what is on the disks.
    private static func restoringRoles(
        _ reading: BootEnvironmentReading, running: (role: Role, image: ImageID)?, inventory: () throws -> [FoundImage]
    ) throws -> BootEnvironment {
        let lost = Role.allCases.filter { role in
            let variable = EnvironmentVariable.image(of: role).rawValue
            return reading.environment.image(of: role) == nil && reading.problems.contains { $0.variable == variable }
        }
        guard !lost.isEmpty else { return reading.environment }
        let known = reading.environment
        let rebuilt = BootEnvironment.rebuilt(from: try inventory(), backup: known, running: running).environment
        var environment = known
        for role in lost { environment.setImage(rebuilt.image(of: role), of: role) }
        return environment
    }
}
