// What every layer says when something fails: one shape, one rendering, and the error below to ask further.

/// Names what failed in one target's errors.
package protocol FaultKind: Hashable, Sendable {
    /// The reason, and with it the exit status, that such a failure deserves; nil when what lies below decides.
    var refusal: RefusalKind? { get }
}

extension FaultKind {
    /// What lies below decides.
    package var refusal: RefusalKind? { nil }
}

/// An error that knows which exit status it deserves, or below which error to look for one.
package protocol ClassifiedError: Error {
    /// The reason; nil when what lies below decides.
    var refusal: RefusalKind? { get }
    /// The error of the layer below, which led to this one.
    var underlying: (any Error)? { get }
}

/// An error that tells an operator what failed, why, and what to do, whatever kind it is.
package protocol OperatorFault: ClassifiedError, CustomStringConvertible {
    /// What was being done, as a verb in -ing form.
    var operation: String { get }
    /// What it was done to; may be empty.
    var subject: String { get }
    /// Why it failed, without a full stop unless it is another error's sentence.
    var cause: String { get }
    /// What the operator can do, a sentence.
    var remedy: String { get }
}

/// Says what failed, why, and what the operator can do.
///
/// A target names its own: `typealias VerityError = Fault<VerityFault>`, with the ways to fail as static functions in
/// an extension. Two are equal when kind and texts are; the error below does not count.
package struct Fault<Kind: FaultKind>: OperatorFault, Sendable {
    /// What failed, for programs.
    package var kind: Kind
    /// What was being done, as a verb in -ing form.
    package var operation: String
    /// What it was done to; may be empty.
    package var subject: String
    /// Why it failed, without a full stop unless it is another error's sentence.
    package let cause: String
    /// What the operator can do, a sentence; empty when the cause says it.
    package var remedy: String
    /// The error of the layer below, which led to this one.
    package let underlying: (any Error)?

    /// Makes an error.
    package init(
        _ kind: Kind, _ operation: String, _ subject: String, cause: String, remedy: String,
        underlying: (any Error)? = nil
    ) {
        self.kind = kind
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.remedy = remedy
        self.underlying = underlying
    }

    /// Makes an error whose cause is what the error below says.
    package init(_ kind: Kind, _ operation: String, _ subject: String, because error: any Error, remedy: String) {
        self.init(kind, operation, subject, cause: "\(error)", remedy: remedy, underlying: error)
    }

    /// The reason that its kind gives.
    package var refusal: RefusalKind? { kind.refusal }

    /// One line: operation, subject, cause and remedy.
    package var description: String { FaultText.line(operation, subject, cause, remedy) }
}

extension Fault: Equatable {
    /// Compares kind and texts.
    package static func == (one: Fault, other: Fault) -> Bool {
        one.kind == other.kind && one.description == other.description
    }
}

/// Renders, once for all kinds.
private enum FaultText {
    static func line(_ operation: String, _ subject: String, _ cause: String, _ remedy: String) -> String {
        let head = subject.isEmpty ? operation : "\(operation) \(subject)"
        let stop = cause.hasSuffix(".") ? "" : "."
        return remedy.isEmpty ? "\(head): \(cause)\(stop)" : "\(head): \(cause)\(stop) \(remedy)"
    }
}
