import DiskContract
import Faults
import GrubEnvironment
import ImageFolders
import ImageModel
import InstalledSystem
package import Plans
package import TransactionPlanning

/// The whole of `lifeboot rollback`, without its arguments and its words.
package struct RollbackOperation {
    private let session: OperationSession
    private let disk: BootDisk
    private let running: (role: Role, image: ImageID)

    /// Takes the machine that this program runs on, and finds out what runs.
    ///
    /// - Parameters:
    ///   - changes: whether it is to be run, so that no other operation may be at work; else it is only prepared.
    ///   - observer: is told what happens.
    /// - Throws: `Refusal` when this is not root, another operation is at work, or no system of ours runs.
    package init(changes: Bool, observer: @escaping TransactionObserver) throws {
        session = try OperationSession("rollback", changes: changes, observer: observer)
        running = try MachineReading.running("rollback")
        disk = try FoundDisk().get()
        try OperationSession.separateMounts()
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
    package func run(_ plan: Plan<RollbackAction>) throws(TransactionFailure) -> TransactionOutcome {
        var effects = RollbackEffects(machine: Machine(disk: disk))
        return try session.run(plan, &effects)
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
        case .noteHistory(let note, let image): try machine.note(note, image)
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
