import BlockDevices
import BootModel
import Faults
import GrubEnvironment
import ImageModel
import ImageSources
import InstalledSystem
import LinuxSystem
package import Plans
import SystemPackage
package import TransactionPlanning

/// Completes the expandable disk that recovery was started from: the whole of a pending installation.
package struct CompletionOperation {
    private let hooks: HookRunner
    private let observer: TransactionObserver
    private let parameters: BootParameters
    private let disk: BootDisk

    /// Looks for the disk that was booted.
    ///
    /// - Parameters:
    ///   - hooksAreStrict: whether a hook that fails ends it; the configuration may be more lenient.
    ///   - observer: is told what happens.
    /// - Throws: `Refusal` when this is not root, or no system of ours runs.
    package init(hooksAreStrict: Bool, observer: @escaping TransactionObserver) throws {
        guard ThisProcess.isRoot else { throw Refusal.notRoot("resume") }
        self.observer = observer
        parameters = try Machine().requireOurs("resume")
        disk = try FoundDisk().get()
        let name = disk.boot.disk?.string ?? ""
        hooks = HookRunner(
            isStrict: HookRunner.areStrict(hooksAreStrict),
            environment: ["LIFEBOOT_OPERATION=install", "LIFEBOOT_DISK=\(name)"])
    }

    /// The plan that would be carried out.
    ///
    /// - Throws: `Refusal` with the reason not to.
    package func plan() throws -> Plan<CompletionAction> { try plan(try supplier().image) }

    /// Completes the disk.
    ///
    /// - Returns: what became of it, and name and version of the image.
    /// - Throws: `Refusal`, `TransactionFailure`; the installation then stays pending.
    package func run() throws -> (outcome: TransactionOutcome, title: String) {
        let session = try OperationSession("resume", observer: observer)
        let supplier = try supplier()
        let plan = try plan(supplier.image)
        try LiveResetMachine.detach(for: plan, on: disk)
        try OperationSession.separateMounts()
        // udev keeps off a disk that is locked, and looks at it again afterwards (systemd, BLOCK_DEVICE_LOCKING).
        let lock = try disk.boot.disk.map { try FileLock($0) }
        defer { withExtendedLifetime(lock) {} }
        let title = supplier.image.title
        var effects = CompletionEffects(
            machine: LiveResetMachine(disk: disk, key: nil), supplier: supplier, hooks: hooks)
        return (try session.run(plan, &effects, remedy: Self.remedy), title)
    }

    private static let remedy =
        "The installation stays pending: mend the cause and run `lifeboot resume`, or restart the machine."

    private func plan(_ image: PlannedImage) throws -> Plan<CompletionAction> {
        try CompletionPlan.make(try CompletionFacts(of: disk, parameters, image: image))
    }

    private func supplier() throws -> LocalImageSupplier {
        guard let supplier = try LocalImageSupplier(ofRecovery: parameters) else {
            throw ResetPlan.notRecovery(parameters.role)
        }
        return supplier
    }
}

extension LocalImageSupplier {
    /// The image that recovery runs from; nil when something else runs.
    ///
    /// - Throws: as `LocalImageSupplier.init`.
    init?(ofRecovery parameters: BootParameters) throws {
        guard parameters.role == .recovery, let id = parameters.image, let folder = parameters.imageFolder else {
            return nil
        }
        try self.init(folder, id: id, source: "the recovery partition")
    }
}
