package import BootModel
package import BootPlanning
package import Plans
package import SystemPackage

/// Runs the phases of the initramfs stage: gather facts, plan, run; four times, or five.
///
/// This is the only place where the order between deciding and doing is to be seen.
package struct BootSequence: Sendable {
    /// Makes a sequence.
    package init() {}

    /// Boots: afterwards the new root is mounted and furnished, or everything is unmounted and the report says why.
    package func run(_ effects: inout some BootEffects & ~Copyable) -> BootReport {
        var report = BootReport(parameters: effects.parameters, started: effects.now())
        var runner = UnwindRunner<BootAction, UndoAction>()
        do {
            if effects.startsMachine {
                try phase(.machine, &effects, &runner, &report) { try BootPlan.machine($0.machineFacts()) }
            }
            try phase(.root, &effects, &runner, &report) { try BootPlan.root($0.rootFacts()) }
            try phase(.configuration, &effects, &runner, &report) {
                try BootPlan.configuration($0.configurationFacts())
            }
            try phase(.state, &effects, &runner, &report) { try BootPlan.state($0.stateFacts()) }
            try phase(.handoff, &effects, &runner, &report) { try BootPlan.handoff($0.handoffFacts()) }
        } catch {
            report.failure = error
            runner.unwind(&effects)
        }
        report.imageName = effects.imageName
        report.notes = effects.notes
        report.duration = effects.now() - report.started
        return report
    }

    /// Plans and runs one phase; a plan that cannot be made fails the boot like a step does.
    private func phase<Effects: BootEffects & ~Copyable>(
        _ phase: BootPhase, _ effects: inout Effects, _ runner: inout UnwindRunner<BootAction, UndoAction>,
        _ report: inout BootReport, plan: (inout Effects) throws -> BootPlan
    ) throws(BootFailure) {
        let made: BootPlan
        let started = effects.now()
        do { made = try plan(&effects) } catch {
            throw BootFailure(phase: phase, step: "plan", subject: phase.rawValue, cause: "\(error)")
        }
        report.planning.append(.init(phase: phase, started: started, microseconds: effects.now() - started))
        do throws(StepFailure) {
            try runner.run(made, &effects) { report.steps.append(.init(phase: phase, step: $0)) }
        } catch {
            throw BootFailure(phase: phase, step: error.step, subject: error.subject, cause: "\(error.error)")
        }
    }
}

/// What undoes a step, as data, so that a failed boot can be unwound in reverse.
package enum UndoAction: Equatable, Sendable {
    /// Unmounts a mount point.
    case unmount(FilePath)
    /// Removes a dm-verity device.
    case deactivateVerity(String)
    /// Closes an encrypted volume.
    case closeVolume(String)
    /// Detaches a loop device.
    case detachLoop(FilePath)
}

/// Everything a boot does to the machine; the live one does it, the recording one in the tests only says so.
package protocol BootEffects: UnwindEffects, ~Copyable where Action == BootAction, Undo == UndoAction {
    /// The parameters of this boot.
    var parameters: BootParameters { get }
    /// Whether the machine phase is needed: nobody else loads drivers.
    var startsMachine: Bool { get }
    /// Gathers what the machine phase is planned from.
    ///
    /// - Throws: the error of what could not be read.
    mutating func machineFacts() throws -> MachineFacts
    /// Says what the root phase is planned from.
    func rootFacts() -> RootFacts
    /// Says what the configuration phase is planned from; the root phase has run.
    func configurationFacts() -> ConfigurationFacts
    /// Gathers what the state phase is planned from; the configuration phase has run.
    ///
    /// - Throws: the error of what could not be read.
    mutating func stateFacts() throws -> StateFacts
    /// Says what the handoff phase is planned from; the state phase has run.
    func handoffFacts() -> HandoffFacts
    /// Name and version of the image, once its manifest was read.
    var imageName: String? { get }
    /// What was passed over and is no step, one line each.
    var notes: [String] { get }
}
