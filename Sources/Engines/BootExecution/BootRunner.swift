package import BootModel

/// Runs the steps of a plan in order, times each, and stops at the first required one that fails.
package struct BootRunner: Sendable {
    /// Makes a runner.
    package init() {}

    /// Runs a plan.
    ///
    /// - Throws: `BootFailure` for the first required step that fails; optional failures are in the report.
    package func run(
        _ plan: BootPlan, _ effects: inout some BootEffects & ~Copyable, transaction: inout MountTransaction,
        report: inout BootReport
    ) throws(BootFailure) {
        for step in plan.steps {
            let start = effects.now()
            let (outcome, message) = perform(step, &effects, &transaction)
            let time = effects.now() - start
            report.steps.append(
                StepReport(
                    phase: plan.phase, kind: step.kind, subject: step.subject, outcome: outcome, microseconds: time,
                    message: message))
            if let message { effects.log("\(step.kind.rawValue) \(step.subject): \(outcome.rawValue): \(message)") }
            guard outcome != .failed else {
                throw BootFailure(
                    phase: plan.phase, step: step.kind.rawValue, subject: step.subject, cause: message ?? "unknown")
            }
        }
    }

    private func perform(
        _ step: BootStep, _ effects: inout some BootEffects & ~Copyable, _ transaction: inout MountTransaction
    ) -> (StepReport.Outcome, String?) {
        do {
            let result = try effects.perform(step.action)
            transaction.add(result.undo)
            return (result.note == nil ? .done : .noted, result.note)
        } catch {
            switch step.requirement {
            case .required: return (.failed, "\(error)")
            case .optional(let reason): return (.failedOptional, "\(error) (going on: \(reason))")
            }
        }
    }
}
