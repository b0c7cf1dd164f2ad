package import BootModel
import BootPlanning

/// Runs the phases of the initramfs stage: gather facts, plan, run; three times.
///
/// This is the only place where the order between deciding and doing is to be seen.
package struct BootSequence: Sendable {
    private let runner = BootRunner()

    /// Makes a sequence.
    package init() {}

    /// Boots: afterwards the new root is mounted and furnished, or everything is unmounted and the report says why.
    package func run(_ parameters: BootParameters, _ effects: inout some BootEffects & ~Copyable) -> BootReport {
        var report = BootReport(parameters: parameters, started: effects.now())
        var transaction = MountTransaction()
        do {
            try phase(.root, &effects, &transaction, &report) { _ in
                try BootPlan.root(RootFacts(parameters: parameters))
            }
            report.imageName = effects.imageName
            try phase(.state, &effects, &transaction, &report) { try BootPlan.state($0.stateFacts(parameters)) }
            try phase(.handoff, &effects, &transaction, &report) { try BootPlan.handoff($0.handoffFacts(parameters)) }
        } catch {
            report.failure = error
            transaction.unwind(&effects)
        }
        report.duration = effects.now() - report.started
        return report
    }

    /// Plans and runs one phase; a plan that cannot be made fails the boot like a step does.
    private func phase<Effects: BootEffects & ~Copyable>(
        _ phase: BootPhase, _ effects: inout Effects, _ transaction: inout MountTransaction,
        _ report: inout BootReport, plan: (inout Effects) throws -> BootPlan
    ) throws(BootFailure) {
        let made: BootPlan
        do { made = try plan(&effects) } catch {
            throw BootFailure(phase: phase, step: "plan", subject: phase.rawValue, cause: "\(error)")
        }
        try runner.run(made, &effects, transaction: &transaction, report: &report)
    }
}
