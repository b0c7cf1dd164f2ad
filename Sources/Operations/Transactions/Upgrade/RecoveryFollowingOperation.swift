import BootHealth
import Cryptography
import DiskContract
package import ImageModel
import ImageSources
import InstalledSystem
import LinuxSystem
package import Plans
import ReleaseModel
import SystemPackage
package import TransactionPlanning

/// The whole of `lifeboot upgrade-recovery`, without its arguments and its words.
package struct RecoveryFollowingOperation {
    private let session: OperationSession
    private let disk: BootDisk
    private let running: (role: Role, image: ImageID)
    private let machine: MachineTraits

    /// Takes the machine that this program runs on, and finds out what runs.
    ///
    /// - Parameters:
    ///   - agent: the version of this program.
    ///   - changes: whether it is to be run, so that no other operation may be at work; else it is only prepared.
    ///   - observer: is told what happens.
    /// - Throws: `Refusal` when this is not root, another operation is at work, or no system of ours runs.
    package init(agent: AgentVersion, changes: Bool, observer: @escaping TransactionObserver) throws {
        let name = OperationLock.follower
        session = try OperationSession(name, changes: changes, observer: observer)
        running = try MachineReading.running(name)
        disk = try FoundDisk().get()
        try OperationSession.separateMounts()
        machine = MachineTraits(ofThisMachineFor: agent)
    }

    /// Finds out what there is to do.
    ///
    /// - Throws: `Refusal` with the reason not to; `ConfigurationError`, and the errors of what could not be read.
    package func prepare() throws -> RecoveryFollowingPlan {
        let access = Machine(disk: disk)
        let environment = try access.environment()
        let (state, recovery) = (MachineReading.store(.state, access), MachineReading.store(.recovery, access))
        let policy = try ConfigurationFiles.read().policy
        let stays = policy.recoveryUpgrade == .refuse || InstalledRecord.keepsRecovery(access, environment)
        let finding = RecoveryFollowing(environment, state: state, recovery: recovery, stays: stays)
        guard case .due(let id) = finding, let image = state.image(id) else {
            return try RecoveryFollowingPlan(nothing: finding)
        }
        return try RecoveryFollowingPlan(
            UpgradeFacts(
                runningRole: running.role, runningImage: running.image, environment: environment, state: state,
                recovery: recovery, machine: machine, candidate: try candidate(image, access), policy: policy))
    }

    /// Runs what was prepared.
    ///
    /// - Throws: `TransactionFailure`; recovery is then what it was.
    package func run(_ plan: Plan<UpgradeAction>, copying image: ImageID) throws -> TransactionOutcome {
        let access = Machine(disk: disk)
        let supplier = try access.read(.state) { root in
            try LocalImageSupplier(ImageStore(root).directory(image), id: image, source: "the state partition")
        }
        var effects = UpgradeEffects(
            machine: access, supplier: supplier, hooks: HookRunner(isStrict: true), running: running)
        return try session.run(plan, &effects)
    }

    /// The image of active, as plans know images.
    private func candidate(_ image: StoreFacts.Image, _ access: borrowing Machine) throws -> ImageCandidate {
        let manifest = try access.read(.state) { root in
            try FileBytes.read(
                ImageStore(root).directory(image.id).appending(ImageFile.manifest.rawValue),
                limit: ImageFile.manifest.sizeLimit)
        }
        return ImageCandidate(
            installed: image, as: "the image of active", digest: try SHA256Hasher.digest(of: manifest), on: machine)
    }
}
