package import Faults

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
