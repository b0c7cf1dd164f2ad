package import Plans
package import ReleaseModel

/// Says which step of an operation failed, and what the machine is like now.
package struct TransactionFailure: Error, Sendable, CustomStringConvertible {
    /// The operation: `upgrade`.
    package var operation: String
    /// The name of the step's action.
    package var step: String
    /// Why, as the layer that failed says it.
    package var cause: String
    /// The reason, for the exit status.
    package var kind: RefusalKind
    /// What the machine is like now and what to do, a sentence.
    package var remedy: String

    /// Words a failure before the commit.
    package init(operation: String, step: String, cause: String, kind: RefusalKind, remedy: String) {
        self.operation = operation
        self.step = step
        self.cause = cause
        self.kind = kind
        self.remedy = remedy
    }

    /// One line: operation, step, cause and remedy.
    package var description: String {
        let stop = cause.hasSuffix(".") ? "" : "."
        return "\(operation), step \(step): \(cause)\(stop) \(remedy)"
    }
}

/// An error that knows which exit status it deserves.
package protocol ClassifiedError: Error {
    /// The reason.
    var kind: RefusalKind { get }
}

extension Refusal: ClassifiedError {}
extension TransactionFailure: ClassifiedError {}
extension CancellationRequest: ClassifiedError {
    /// Cancelled.
    package var kind: RefusalKind { .cancelled }
}
