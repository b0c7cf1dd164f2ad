import BootExecution
package import GrubEnvironment
import ReleaseModel
package import SystemPackage

/// Changes the boot environment: the one write that makes an operation true.
package struct EnvironmentCommit: Sendable {
    private let store: EnvironmentStore

    /// Names the boot partition's device.
    package init(device: FilePath) { store = EnvironmentStore(device: device) }

    /// Reads the environment as it is now, under the partitions' lock, changes it and writes it.
    ///
    /// It is read again here because GRUB's counters and `mark-good` may have changed it since the plan was made.
    ///
    /// - Parameter change: what the operation makes of the environment; it throws when that makes no sense any more.
    /// - Returns: what failed although the new environment counts: its second copy.
    /// - Throws: when the old environment still counts: it cannot be read or used, the change threw, or the sector
    ///   could not be written.
    package func apply(_ change: (BootEnvironment) throws -> BootEnvironment) throws -> [String] {
        try OperationLock.withPartitions {
            let current = try read()
            let changed = try change(current)
            guard changed != current else { return [] }
            return try write(changed, rolesChanged: current.differsInRoles(from: changed))
        }
    }

    /// Reads the environment; the caller holds the partitions' lock.
    ///
    /// - Throws: `Refusal` when it cannot be used; `SystemError` when the partition cannot be mounted.
    package func read() throws -> BootEnvironment {
        let copies = try store.read()
        guard let primary = copies.primary else { throw Self.unusable(copies.problems.joined(separator: "; ")) }
        do throws(EnvironmentBlockError) {
            return try BootEnvironment.read(primary, backup: copies.backup).environment
        } catch { throw Self.unusable(error.cause) }
    }

    /// Writes it; an error counts only when the disk does not hold the new environment.
    private func write(_ environment: BootEnvironment, rolesChanged: Bool) throws -> [String] {
        do {
            try store.write(environment, rolesChanged: rolesChanged)
            return []
        } catch {
            guard let copies = try? store.read(), copies.primary == environment.serialized() else { throw error }
            return ["the new roles count, but their second copy could not be written: \(error)"]
        }
    }

    private static func unusable(_ cause: String) -> Refusal {
        Refusal(
            .impossible, "reading", "boot.env", cause: cause, remedy: "Rebuild it with `lifeboot boot-env repair`.")
    }
}
