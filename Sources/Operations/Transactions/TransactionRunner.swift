import BootModel
import ReleaseModel
package import TransactionPlanning

/// What became of an operation that was not ended by an error.
package struct TransactionOutcome: Equatable, Sendable {
    /// What is worth knowing, a sentence each.
    package var notes: [String] = []
    /// What failed after the commit, or was optional, a sentence each.
    package var warnings: [String] = []

    /// Nothing to tell yet.
    package init() {}
}

/// Runs the steps of a plan in order.
///
/// Before the commit a failure or a cancellation ends the operation: what it holds is given back, what it staged stays
/// for the next try, and the old state is whole. The commit and what follows are not cancelled, and what fails after
/// the commit is a warning.
package enum TransactionRunner {
    /// Runs a plan.
    ///
    /// - Parameters:
    ///   - isCancelled: asked before each step up to the commit, and within long steps.
    /// - Throws: `TransactionFailure` for a required step that failed before the commit, the commit itself, or a
    ///   cancellation.
    package static func run<Effects: TransactionEffects & ~Copyable>(
        _ plan: TransactionPlan<Effects.Action>, _ effects: inout Effects,
        isCancelled: @escaping () -> Bool = { false }, observer: @escaping TransactionObserver
    ) throws(TransactionFailure) -> TransactionOutcome {
        var run = Run(plan, isCancelled, observer)
        do throws(TransactionFailure) {
            try run.steps(&effects)
        } catch {
            run.warn(effects.release())
            throw error
        }
        run.warn(effects.release())
        return run.outcome
    }

    private struct Run<Action: PlannedAction> {
        let plan: TransactionPlan<Action>
        let isCancelled: () -> Bool
        let observer: TransactionObserver
        var outcome = TransactionOutcome()

        init(
            _ plan: TransactionPlan<Action>, _ isCancelled: @escaping () -> Bool,
            _ observer: @escaping TransactionObserver
        ) {
            self.plan = plan
            self.isCancelled = isCancelled
            self.observer = observer
        }

        mutating func steps<Effects: TransactionEffects & ~Copyable>(
            _ effects: inout Effects
        ) throws(TransactionFailure) where Effects.Action == Action {
            for (index, step) in plan.steps.enumerated() {
                observer(.step(index + 1, of: plan.steps.count, name: step.action.name, subject: step.action.subject))
                try perform(step, &effects)
                if step.moment == .commit { observer(.committed) }
            }
        }

        private mutating func perform<Effects: TransactionEffects & ~Copyable>(
            _ step: TransactionStep<Action>, _ effects: inout Effects
        ) throws(TransactionFailure) where Effects.Action == Action {
            let mayStop = step.moment != .finish
            let progress = StepProgress(observer: observer, isCancelled: mayStop ? isCancelled : { false })
            do {
                if mayStop { try progress.check() }
                for note in try effects.perform(step.action, progress: progress) {
                    outcome.notes.append(note)
                    observer(.note(note))
                }
            } catch {
                try judge(step, error)
            }
        }

        /// Makes of an error what the moment and the requirement say.
        private mutating func judge(_ step: TransactionStep<Action>, _ error: any Error) throws(TransactionFailure) {
            let isCancelled = error is CancellationRequest
            if step.moment == .finish || step.requirement != .required && !isCancelled {
                warn(["\(step.action.name) \(step.action.subject): \(error)"])
                return
            }
            throw TransactionFailure(
                operation: plan.operation, step: step.action.name, cause: "\(error)",
                kind: RefusalKind(error),
                remedy: isCancelled
                    ? "What was fetched is kept; the same command goes on from there."
                    : "The system is as it was before; the same command can be tried again.")
        }

        mutating func warn(_ warnings: [String]) {
            outcome.warnings += warnings
            for warning in warnings { observer(.warning(warning)) }
        }
    }
}
