import BootExecution
import BootModel
import GrubEnvironment
import ImageModel
import LinuxSystem
import ReleaseModel
import SystemPackage
import TransactionPlanning
import Transactions

/// Carries out what `lifeboot reset` was asked for on the machine that this program runs on.
struct ResetJob {
    private let request: ResetRequest
    private let key: GivenKey?
    private let hooks: HookRunner
    private let json: Bool
    private let parameters: BootParameters
    private let disk: BootDisk

    /// Looks for the disk that was booted.
    ///
    /// - Throws: `CommandFailure` when this is not root; `Refusal` when no system of ours runs.
    init(_ request: ResetRequest, key: GivenKey?, isStrict: Bool, json: Bool) throws {
        guard LiveMachine().isRoot else { throw CommandFailure.notRoot("reset") }
        self.request = request
        self.key = key
        self.json = json
        parameters = BootParameters(KernelCommandLine(parsing: try Procfs.commandLine()))
        guard parameters.role != nil else { throw ResetPlan.notRecovery(nil) }
        disk = try BootDisk(parameters.bootPartition)
        hooks = HookRunner(isStrict: isStrict, environment: ["LIFEBOOT_OPERATION=reset"])
    }

    /// Whether a reset is pending.
    func isPending() throws -> Bool { try facts().environment.pending == .reset }

    /// The plans that would be carried out.
    func plans(schedule: Bool, unschedule: Bool, resume: Bool) throws -> [TransactionPlan<ResetAction>] {
        var facts = try facts()
        if unschedule { return [try ResetPlan.unscheduling(facts)] }
        if resume { return facts.environment.pending == .reset ? [try ResetPlan.running(facts)] : [] }
        let first = try ResetPlan.scheduling(request, facts)
        if schedule { return [first] }
        facts.environment = facts.environment.pendingReset(wiping: request.wipe)
        facts.record = first.record
        return [first, try ResetPlan.running(facts)]
    }

    /// Makes the reset pending.
    func schedule(forLater: Bool) throws {
        let facts = try facts()
        guard forLater || facts.role == .recovery else { throw ResetPlan.notRecovery(facts.role) }
        let plan = try ResetPlan.scheduling(request, facts)
        let session = try OperationSession("reset", json: json)
        let outcome = try runShort(plan, session)
        if forLater { session.finish("The next boot resets this machine.", outcome) }
    }

    /// Takes a pending reset back.
    func unschedule() throws {
        let plan = try ResetPlan.unscheduling(try facts())
        let session = try OperationSession("reset", json: json)
        session.finish("The reset was taken back.", try runShort(plan, session))
    }

    /// Carries out the pending reset.
    func run() throws {
        let session = try OperationSession("reset", json: json)
        let facts = try facts()
        let plan = try ResetPlan.running(facts)
        let supplier = try supplier(facts)
        try LiveResetMachine.detach(for: plan, on: disk)
        try MountNamespace.unshare()
        var effects = ResetEffects(
            machine: LiveResetMachine(disk: disk, key: key), supplier: supplier, hooks: hooks)
        let outcome = try session.run(plan, &effects, remedy: Self.remedy)
        session.finish("The machine was reset; it starts \(facts.image.title) when it is restarted.", outcome)
    }

    private static let remedy =
        "The reset stays pending: mend the cause and run `lifeboot reset --resume`, or restart the machine."

    /// Runs a plan that only writes down what is to come.
    private func runShort(
        _ plan: TransactionPlan<ResetAction>, _ session: OperationSession
    ) throws -> TransactionOutcome {
        var effects = ResetEffects(
            machine: LiveResetMachine(disk: disk, key: nil), supplier: NoSupplier(), hooks: hooks)
        return try session.run(plan, &effects)
    }

    private func facts() throws -> ResetFacts {
        var facts = try ResetFacts(of: disk, parameters, image: recoveryImage(), isKeyGiven: key != nil)
        // What is asked for now counts before what was kept, so that a lost key can be replaced.
        if let protection = request.protection, facts.record != nil || facts.environment.pending == .reset {
            facts.record = ResetRecord(source: facts.record?.source, protection: protection)
        }
        return facts
    }

    /// The image that recovery runs from; elsewhere it is not looked at, for only recovery deploys it.
    private func recoveryImage() throws -> PlannedImage {
        guard parameters.role == .recovery, let id = parameters.image else {
            return PlannedImage(
                source: "the recovery partition", id: nil, title: "recovery's image", size: 0, staging: "")
        }
        return try local(id).image
    }

    private func local(_ id: ImageID) throws -> LocalImageSupplier {
        let store = ImageStore(MachinePaths.recovery)
        return try LocalImageSupplier(store.directory(id), id: id, source: "the recovery partition")
    }

    private func supplier(_ facts: ResetFacts) throws -> LocalImageSupplier {
        if let source = facts.record?.source { return try LocalImageSupplier(media: FilePath(source)) }
        guard let id = parameters.image else { throw ResetPlan.notRecovery(facts.role) }
        return try local(id)
    }
}

extension TransactionPlan<ResetAction> {
    /// The record that the plan writes.
    fileprivate var record: ResetRecord? {
        for case .writeRecord(let record) in steps.map(\.action) where !record.isEmpty { return record }
        return nil
    }
}
