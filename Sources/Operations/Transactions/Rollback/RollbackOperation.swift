import DiskContract
import Faults
import GrubEnvironment
import ImageFolders
import ImageModel
package import InstalledSystem
package import Plans
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
        _ plan: Plan<RollbackAction>, isCancelled: @escaping () -> Bool,
        observer: @escaping TransactionObserver
    ) throws(TransactionFailure) -> TransactionOutcome {
        var effects = RollbackEffects(machine: Machine(disk: disk))
        return try TransactionRunner.run(plan, &effects, isCancelled: isCancelled, observer: observer)
    }
}

/// Carries out the steps of a rollback.
package struct RollbackEffects<Machine: OperationMachine & ~Copyable>: TransactionEffects, ~Copyable {
    private var machine: Machine

    /// Prepares for a rollback.
    package init(machine: consuming Machine) { self.machine = machine }

    /// Carries out one step.
    package mutating func perform(_ action: RollbackAction, progress: StepProgress) throws -> [String] {
        switch action {
        case .verifyImage(let image): try verify(image, progress)
        case .exchangeRoles: return try machine.changeRoles { try RoleChange.rollBack.applied(to: $0) }
        }
        return []
    }

    /// Holds nothing.
    package mutating func release() -> [String] { [] }

    private func verify(_ image: ImageID, _ progress: StepProgress) throws {
        let fault = try machine.read(.state) { root in
            try ImageFolder.fault(of: image, in: ImageStore(root).directory(image), willCheck: progress.willCheck)
        }
        guard let fault else { return }
        throw Refusal(
            .mismatch, "checking", "image \(image)", cause: fault,
            remedy: "See `lifeboot status` for what else can boot.")
    }
}
