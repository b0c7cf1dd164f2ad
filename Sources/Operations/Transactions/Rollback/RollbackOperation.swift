import DiskContract
import GrubEnvironment
import ImageModel
package import InstalledSystem
import ReleaseModel
package import TransactionPlanning

/// The whole of `lifeboot rollback`, without its arguments and its words.
package struct RollbackOperation {
    private let disk: BootDisk
    private let running: (role: Role, image: ImageID)

    /// Finds out what runs.
    ///
    /// - Throws: `Refusal` when the command line of the kernel does not say it.
    package init(disk: BootDisk) throws {
        self.disk = disk
        running = try MachineReading.running()
    }

    /// Finds out what there is to do.
    ///
    /// - Throws: `Refusal` with the reason not to roll back; the errors of what could not be read.
    package func prepare() throws -> RollbackPlan {
        let machine = Machine(disk: disk)
        let state = MachineReading.store(.state, machine)
        if let problem = state.problem {
            throw Refusal(
                .impossible, "rolling back", "active", cause: "the state partition could not be read: \(problem)",
                remedy: "See `journalctl -k`.")
        }
        return try RollbackPlan(
            RollbackFacts(
                runningRole: running.role, runningImage: running.image, environment: try machine.environment(),
                state: state))
    }

    /// Runs what was prepared.
    ///
    /// - Throws: `TransactionFailure`; the roles are then as they were.
    package func run(
        _ plan: TransactionPlan<UpgradeAction>, isCancelled: @escaping () -> Bool,
        observer: @escaping TransactionObserver
    ) throws(TransactionFailure) -> TransactionOutcome {
        var effects = UpgradeEffects(
            machine: Machine(disk: disk), supplier: NoSupplier(), hooks: HookRunner(isStrict: true),
            running: running)
        return try TransactionRunner.run(plan, &effects, isCancelled: isCancelled, observer: observer)
    }
}
