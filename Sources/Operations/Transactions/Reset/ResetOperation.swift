import BootModel
import DiskContract
import Faults
import GrubEnvironment
import ImageFolders
import ImageModel
import ImageSources
import InstalledSystem
import LinuxSystem
package import Plans
import ReleaseModel
import SystemPackage
package import TransactionPlanning

/// The whole of `lifeboot reset`, without its arguments and its words.
package struct ResetOperation {
    private let request: ResetRequest
    private let key: GivenKey?
    private let access: SourceAccess
    private let hooks: HookRunner
    private let observer: TransactionObserver
    private let parameters: BootParameters
    private let disk: BootDisk

    /// Looks for the disk that was booted.
    ///
    /// - Parameters:
    ///   - key: the key that the operator gave.
    ///   - hooksAreStrict: whether a hook that fails ends it; the configuration may be more lenient.
    ///   - observer: is told what happens.
    /// - Throws: `Refusal` when this is not root, or no system of ours runs.
    package init(
        _ request: ResetRequest, key: GivenKey?, access: SourceAccess, hooksAreStrict: Bool,
        observer: @escaping TransactionObserver
    ) throws {
        guard ThisProcess.isRoot else { throw Refusal.notRoot("reset") }
        self.request = request
        self.key = key
        self.access = access
        self.observer = observer
        parameters = try Machine().requireOurs("reset")
        disk = try FoundDisk().get()
        hooks = HookRunner(
            isStrict: HookRunner.areStrict(hooksAreStrict), environment: ["LIFEBOOT_OPERATION=reset"])
    }

    /// Whether a reset is pending.
    ///
    /// - Throws: `Refusal` when an installation is: GRUB would start recovery for it again after every restart.
    package func isPending() throws -> Bool {
        let pending = try facts().environment.pending
        guard pending != .install else {
            throw Refusal(
                .impossible, "going on with", "the reset", cause: "an installation is pending",
                remedy: "Run `lifeboot resume`, which finishes it.")
        }
        return pending == .reset
    }

    /// What would make the reset pending.
    ///
    /// - Throws: `Refusal` with the reason not to.
    package func schedulingPlan() throws -> Plan<ResetScheduling> { try ResetPlan.scheduling(request, try facts()) }

    /// What would take a pending reset back.
    ///
    /// - Throws: `Refusal` when it cannot be.
    package func unschedulingPlan() throws -> Plan<ResetScheduling> { try ResetPlan.unscheduling(try facts()) }

    /// What would carry the reset out: the pending one, or after a scheduling the one that it makes pending.
    ///
    /// - Throws: `Refusal` when this is not recovery, and as the source.
    package func runningPlan(after scheduling: Plan<ResetScheduling>? = nil) throws -> Plan<ResetAction> {
        guard parameters.role == .recovery else { throw ResetPlan.notRecovery(parameters.role) }
        guard let scheduling else {
            return try plan(try facts(try supply(try facts().record?.source).image))
        }
        var facts = try facts(try supply(request.source).image)
        facts.environment = facts.environment.pendingReset(wiping: request.wipe)
        facts.record = scheduling.record
        return try plan(facts)
    }

    private func plan(_ facts: ResetFacts) throws -> Plan<ResetAction> {
        var facts = facts
        facts.product = try product(facts.record)
        return try ResetPlan.running(facts)
    }

    /// Makes the reset pending.
    ///
    /// - Parameter forLater: whether the next boot is to do it; else this must be recovery.
    /// - Throws: `Refusal`, `TransactionFailure`.
    package func schedule(forLater: Bool) throws -> TransactionOutcome {
        let session = try OperationSession("reset", observer: observer)
        guard forLater || parameters.role == .recovery else { throw ResetPlan.notRecovery(parameters.role) }
        return try write(try schedulingPlan(), session)
    }

    /// Takes a pending reset back; the unit that was to finish it does not try again in this boot, nor restarts the machine.
    ///
    /// - Throws: `Refusal`, `TransactionFailure`.
    package func unschedule() throws -> TransactionOutcome {
        let session = try OperationSession("reset", observer: observer)
        let plan = try unschedulingPlan()
        // Before the commit: a unit that looks in between would take the reset for finished. It is of this boot alone.
        try? Folders.removeFile(MachinePaths.pending)
        let outcome = try write(plan, session)
        OperationProgress.forgetFailure()
        return outcome
    }

    /// Carries out the pending reset.
    ///
    /// - Returns: what became of it, and name and version of the image.
    /// - Throws: `Refusal`, `TransactionFailure`; the reset then stays pending.
    package func run() throws -> (outcome: TransactionOutcome, title: String) {
        let session = try OperationSession("reset", observer: observer)
        let supply = try supply(try facts().record?.source)
        let plan = try plan(try facts(supply.image))
        try LiveResetMachine.detach(for: plan, on: disk)
        try OperationSession.separateMounts()
        let title = supply.image.title
        var effects = ResetEffects(machine: LiveResetMachine(disk: disk, key: key), supplier: supply, hooks: hooks)
        return (try session.run(plan, &effects, remedy: Self.remedy), title)
    }

    private static let remedy =
        "The reset stays pending: mend the cause and run `lifeboot reset --resume`, or restart the machine."

    /// Runs a plan that only writes down what is to come.
    private func write(_ plan: Plan<ResetScheduling>, _ session: OperationSession) throws -> TransactionOutcome {
        var effects = ResetSchedulingEffects(machine: Machine(disk: disk))
        return try session.run(plan, &effects)
    }

    private func facts(_ image: PlannedImage? = nil) throws -> ResetFacts {
        var facts = try ResetFacts(of: disk, parameters, image: image ?? .recoverys, isKeyGiven: key != nil)
        // What is asked for now counts before what was kept, so that a lost key can be replaced.
        if let protection = request.protection, facts.environment.pending == .reset {
            var record = facts.record ?? ResetRecord()
            record.protection = protection
            facts.record = record
        }
        return facts
    }

    /// The name of the image that recovery runs from; nil when that is not to be compared.
    private func product(_ record: ResetRecord?) throws -> String? {
        guard !request.allowsOtherProduct, record?.allowsOtherProduct != true else { return nil }
        guard record?.source != nil, let id = parameters.image else { return nil }
        return try ImageFolder(ImageStore(MachinePaths.recovery).directory(id), expected: id).manifest.name
    }

    /// The image of the source, else the one that recovery runs from.
    private func supply(_ source: String?) throws -> ImageSupply {
        guard let own = try LocalImageSupplier(ofRecovery: parameters) else {
            throw ResetPlan.notRecovery(parameters.role)
        }
        guard let source else { return .local(own) }
        return .fetched(try access.resolve(source, for: "resetting to", running: parameters.imageFolder))
    }
}

extension PlannedImage {
    /// Stands for the image where none is deployed.
    fileprivate static let recoverys = PlannedImage(
        source: "the recovery partition", id: nil, title: "recovery's image", size: 0, staging: "")
}
