/// Says what was refused, why, and what the operator can do.
package struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// The reason, for programs and the exit status.
    package var kind: RefusalKind
    /// What was being done, as a verb in -ing form.
    package var operation: String
    /// What it was done to.
    package var subject: String
    /// Why it was refused, without a full stop.
    package var cause: String
    /// What the operator can do, a sentence.
    package var remedy: String

    /// Makes a refusal.
    package init(_ kind: RefusalKind, _ operation: String, _ subject: String, cause: String, remedy: String) {
        self.kind = kind
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.remedy = remedy
    }

    /// One line: operation, subject, cause and remedy.
    ///
    /// The cause is often the error of a lower layer, which is a sentence already.
    package var description: String {
        let stop = cause.hasSuffix(".") ? "" : "."
        return "\(operation) \(subject): \(cause)\(stop) \(remedy)"
    }
}
