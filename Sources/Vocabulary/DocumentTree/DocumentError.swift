/// Says what is wrong in a document, and where.
package struct DocumentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The place.
    package var mark: DocumentMark
    /// What is wrong and what to write instead, without a full stop.
    package var reason: String

    /// Makes an error.
    package init(at mark: DocumentMark, _ reason: String) {
        self.mark = mark
        self.reason = reason
    }

    /// Place and reason in one line.
    package var description: String { "\(mark): \(reason)" }
}
