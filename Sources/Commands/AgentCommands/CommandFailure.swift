/// Says what a command could not do, why, and what the operator can do.
package struct CommandFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was being done, as a verb in -ing form.
    package var operation: String
    /// What it was done to.
    package var subject: String
    /// Why it failed, without a full stop.
    package var cause: String
    /// What the operator can do, a sentence.
    package var remedy: String
    /// What the program ends with.
    package var status: AgentExit

    /// Makes a failure; it counts as undetermined unless it says otherwise.
    package init(
        _ operation: String, _ subject: String, cause: String, remedy: String, status: AgentExit = .undetermined
    ) {
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.remedy = remedy
        self.status = status
    }

    /// One line: operation, subject, cause and remedy.
    ///
    /// The cause is often the error of a lower layer, which is a sentence already.
    package var description: String {
        let stop = cause.hasSuffix(".") ? "" : "."
        return "\(operation) \(subject): \(cause)\(stop) \(remedy)"
    }
}
