/// A place in a document; both numbers count from 1.
package struct DocumentMark: Equatable, Sendable, CustomStringConvertible {
    /// The line.
    package var line: Int
    /// The column, in characters.
    package var column: Int

    /// Makes a place.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// `line 3, column 7`.
    package var description: String { "line \(line), column \(column)" }
}

/// Says what is wrong in a document, and where.
package struct DocumentError: Error, Sendable, CustomStringConvertible {
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
