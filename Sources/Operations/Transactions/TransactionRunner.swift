package import Faults
package import Plans

/// What became of an operation that was not ended by an error.
package typealias TransactionOutcome = CommitOutcome

/// Runs the plan of an operation, and words what ended it; see `CommitRunner`.
package enum TransactionRunner {
    /// Runs a plan.
    ///
    /// - Parameters:
    ///   - given: what an earlier plan with the same effects has given.
    ///   - isCancelled: asked before each step up to the commit, and within long steps.
    /// - Throws: `TransactionFailure` for a required step that failed before the commit, the commit itself, or a
    ///   cancellation.
    package static func run<Effects: TransactionEffects & ~Copyable>(
        _ plan: Plan<Effects.Action>, _ effects: inout Effects, given: [Effects.Action.Product] = [],
        isCancelled: @escaping () -> Bool = { false }, observer: @escaping TransactionObserver
    ) throws(TransactionFailure) -> TransactionOutcome {
        let progress = StepProgress(observer: observer, isCancelled: isCancelled)
        do throws(StepFailure) {
            return try CommitRunner.run(plan, &effects, given: given, progress: progress)
        } catch {
            throw TransactionFailure(
                operation: plan.operation, step: error.step, because: error.error,
                remedy: error.error is CancellationRequest
                    ? "What was fetched is kept; the same command goes on from there."
                    : "The system is as it was before; the same command can be tried again.")
        }
    }
}

/// Says which step of an operation failed, why, and what the machine is like now.
package typealias TransactionFailure = Fault<TransactionFault>

/// Names the step that failed; the reason is that of the error below.
package struct TransactionFault: FaultKind {
    /// The operation: `upgrade`.
    package var operation: String
    /// The name of the step's action.
    package var step: String
}

extension TransactionFailure {
    /// Words what an operation failed by before the commit.
    ///
    /// - Parameter remedy: what the machine is like now and what to do, a sentence.
    package init(operation: String, step: String, because error: any Error, remedy: String) {
        self.init(
            TransactionFault(operation: operation, step: step), "\(operation), step", step, because: error,
            remedy: remedy)
    }
}
