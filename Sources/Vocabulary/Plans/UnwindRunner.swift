/// Effects that can be undone.
package protocol UnwindEffects: PlanEffects, ~Copyable {
    /// Undoes what one step did.
    ///
    /// - Throws: the error of the layer that failed.
    mutating func undo(_ action: Undo) throws
    /// Writes one line to the log.
    func log(_ line: String)
}

/// Runs plans one after the other, stops at the first required step that fails, and can undo all that was done.
///
/// What the steps of one plan give, the next plans can count on.
package struct UnwindRunner<Action: PlannedAction, Undo: Sendable>: Sendable {
    /// What to undo, in the order it was done.
    private var done: [Undo] = []
    private var given: [Action.Product] = []

    /// Starts with nothing to undo.
    package init() {}

    /// Runs a plan and times its steps.
    ///
    /// - Parameter report: takes what became of each step.
    /// - Throws: `StepFailure` for the first required step that fails, and for a plan that no order of steps can fulfil,
    ///   before its first step.
    package mutating func run<Effects: UnwindEffects & ~Copyable>(
        _ plan: Plan<Action>, _ effects: inout Effects, report: (StepReport) -> Void
    ) throws(StepFailure) where Effects.Action == Action, Effects.Undo == Undo {
        try plan.check(given)
        for step in plan.steps {
            let attempt = effects.attempt(step, of: plan, given: &given)
            done += attempt.undo.reversed()
            let made = attempt.report
            report(made)
            // What ends the run is told by who started it.
            if made.outcome != .failed, let message = made.message {
                effects.log("\(made.step) \(made.subject): \(made.outcome.rawValue): \(message)")
            }
            if made.outcome == .failed, let error = attempt.error {
                throw StepFailure(step: made.step, subject: made.subject, error: error)
            }
        }
    }

    /// Undoes everything in reverse; a failure goes to the log and the rest is still undone.
    package mutating func unwind<Effects: UnwindEffects & ~Copyable>(_ effects: inout Effects)
    where Effects.Undo == Undo {
        while let action = done.popLast() {
            do { try effects.undo(action) } catch { effects.log("unwinding \(action): \(error)") }
        }
    }
}
