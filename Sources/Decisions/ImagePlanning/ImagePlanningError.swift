/// Says why no image can be made of a root filesystem.
package struct ImagePlanningError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was looked for or checked.
    package var operation: String
    /// In what.
    package var subject: String
    /// What was found instead.
    package var cause: String
    /// What the operator can do.
    package var remedy: String

    /// One line: operation, subject, cause and remedy.
    package var description: String { "\(operation) \(subject): \(cause). \(remedy)" }

    /// Names a fault of the root filesystem.
    package init(_ operation: String, _ cause: String, remedy: String, in subject: String = "the root filesystem") {
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.remedy = remedy
    }
}
