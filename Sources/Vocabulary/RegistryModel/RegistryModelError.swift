/// Says what is wrong in a reference, a document or a setting of a registry.
package struct RegistryModelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was attempted: `reading an image manifest`.
    package var operation: String
    /// The reference, or the place in the document as a JSON path.
    package var subject: String
    /// What was found or expected.
    package var cause: String
    /// What the operator can do.
    package var remedy: String

    /// One line: operation, subject, cause and remedy.
    package var description: String { "\(operation) \(subject): \(cause). \(remedy)" }

    /// Describes a fault.
    package init(operation: String, subject: String, cause: String, remedy: String) {
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.remedy = remedy
    }
}

extension String {
    /// The text for a message: at most 100 characters, what cannot be printed replaced, in single quotes.
    ///
    /// Texts from a registry or a header are quoted with this, so that no message writes control characters.
    package var quoted: String {
        let printable = unicodeScalars.prefix(100).map { scalar -> Character in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : Character(scalar)
        }
        return "'" + String(printable) + (unicodeScalars.count > 100 ? "…'" : "'")
    }
}
