import BootModel
import CommandOutput
import DiskContract
import GrubEnvironment
import ImageModel
import InstalledSystem
import LinuxSystem
import Plans
import ReleaseModel
import SystemPackage
import TransactionPlanning
import Transactions

/// Carries out what `lifeboot reset` was asked for on the machine that this program runs on.
struct ResetJob {
    private let request: ResetRequest
    private let key: GivenKey?
    private let sources: SourceOptions
    private let hooks: HookRunner
    private let output: Output
    private let parameters: BootParameters
    private let disk: BootDisk

    /// Looks for the disk that was booted.
    ///
    /// - Throws: `CommandFailure` when this is not root; `Refusal` when no system of ours runs.
    init(_ request: ResetRequest, key: GivenKey?, sources: SourceOptions, isStrict: Bool, _ output: Output) throws {
        guard ThisProcess.isRoot else { throw Refusal.notRoot("reset") }
        self.request = request
        self.key = key
        self.sources = sources
        self.output = output
        parameters = BootParameters(KernelCommandLine(parsing: try Procfs.commandLine()))
        guard parameters.role != nil else { throw ResetPlan.notRecovery(nil) }
        disk = try BootDisk(parameters.bootPartition)
        hooks = HookRunner(isStrict: HookRunner.areStrict(isStrict), environment: ["LIFEBOOT_OPERATION=reset"])
    }

    /// Whether a reset is pending.
    ///
    /// - Throws: `Refusal` when an installation is: GRUB would start recovery for it again after every restart.
    func isPending() throws -> Bool {
        let pending = try facts(nothing).environment.pending
        guard pending != .install else {
            throw Refusal(
                .impossible, "going on with", "the reset", cause: "an installation is pending, which nothing finishes",
                remedy: "Run `lifeboot reset`, which takes its place.")
        }
        return pending == .reset
    }

    /// The plans that would be carried out.
    func plans(schedule: Bool, unschedule: Bool, resume: Bool) throws -> [Plan<ResetAction>] {
        var facts = try facts(nothing)
        if unschedule { return [try ResetPlan.unscheduling(facts)] }
        if resume {
            guard facts.environment.pending == .reset else { return [] }
            return [try ResetPlan.running(try self.facts(try supplier(facts.record?.source).image))]
        }
        let first = try ResetPlan.scheduling(request, facts)
        if schedule { return [first] }
        guard facts.role == .recovery else { throw ResetPlan.notRecovery(facts.role) }
        facts = try self.facts(try supplier(request.source).image)
        facts.environment = facts.environment.pendingReset(wiping: request.wipe)
        facts.record = first.record
        return [first, try ResetPlan.running(facts)]
    }

    /// Makes the reset pending.
    func schedule(forLater: Bool) throws {
        let session = try OperationSession("reset", output)
        let facts = try facts(nothing)
        guard forLater || facts.role == .recovery else { throw ResetPlan.notRecovery(facts.role) }
        let outcome = try runShort(try ResetPlan.scheduling(request, facts), session)
        if forLater { session.finish("The next boot resets this machine.", outcome) }
    }

    /// Takes a pending reset back.
    func unschedule() throws {
        let session = try OperationSession("reset", output)
        let plan = try ResetPlan.unscheduling(try facts(nothing))
        session.finish("The reset was taken back.", try runShort(plan, session))
    }

    /// Carries out the pending reset.
    func run() throws {
        let session = try OperationSession("reset", output)
        let source = try facts(nothing).record?.source
        let supplier = try supplier(source)
        let plan = try ResetPlan.running(try facts(supplier.image))
        try LiveResetMachine.detach(for: plan, on: disk)
        try MountNamespace.unshare()
        let title = supplier.image.title
        var effects = ResetEffects(
            machine: LiveResetMachine(disk: disk, key: key), supplier: supplier, hooks: hooks)
        let outcome = try session.run(plan, &effects, remedy: Self.remedy)
        session.finish("The machine was reset; it starts \(title) when it is restarted.", outcome)
    }

    private static let remedy =
        "The reset stays pending: mend the cause and run `lifeboot reset --resume`, or restart the machine."

    /// Stands for the image where none is deployed.
    private var nothing: PlannedImage {
        PlannedImage(source: "the recovery partition", id: nil, title: "recovery's image", size: 0, staging: "")
    }

    /// Runs a plan that only writes down what is to come.
    private func runShort(
        _ plan: Plan<ResetAction>, _ session: OperationSession
    ) throws -> TransactionOutcome {
        var effects = ResetEffects(
            machine: LiveResetMachine(disk: disk, key: nil), supplier: NoSupplier(), hooks: hooks)
        return try session.run(plan, &effects)
    }

    private func facts(_ image: PlannedImage) throws -> ResetFacts {
        var facts = try ResetFacts(of: disk, parameters, image: image, isKeyGiven: key != nil)
        // What is asked for now counts before what was kept, so that a lost key can be replaced.
        if let protection = request.protection, facts.environment.pending == .reset {
            facts.record = ResetRecord(source: facts.record?.source, protection: protection)
        }
        return facts
    }

    /// The image of the source, else the one that recovery runs from.
    private func supplier(_ source: String?) throws -> OperationSupplier {
        guard parameters.role == .recovery, let id = parameters.image else {
            throw ResetPlan.notRecovery(parameters.role)
        }
        let directory = ImageStore(MachinePaths.recovery).directory(id)
        guard let source else {
            return OperationSupplier(try LocalImageSupplier(directory, id: id, source: "the recovery partition"))
        }
        let request = try sources.request(for: source)
        return OperationSupplier(
            try request.resolve(for: "resetting to", running: directory, isCancelled: { Interruption.isRequested }))
    }
}

extension Plan<ResetAction> {
    /// The record that the plan writes.
    fileprivate var record: ResetRecord? {
        for case .writeRecord(let record) in steps.map(\.action) where !record.isEmpty { return record }
        return nil
    }
}
