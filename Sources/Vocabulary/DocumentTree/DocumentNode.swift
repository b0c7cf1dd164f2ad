/// One value of a document with its place, so that an error can say where.
///
/// Scalars keep their text: what they mean is for the reader to say, who knows which type the place has.
package struct DocumentNode: Sendable {
    /// What a node holds.
    package enum Content: Sendable {
        /// A scalar as written; `quoted` tells `"null"` from `null`.
        case scalar(String, quoted: Bool)
        /// A sequence.
        case sequence([DocumentNode])
        /// A mapping, in document order, keys unique.
        case mapping([DocumentPair])
    }

    /// What it holds.
    package var content: Content
    /// Where it begins.
    package var mark: DocumentMark
    /// Whether a scalar's text is the base64 of its value, as YAML's tag `!!binary` says.
    package var isBinary: Bool

    /// Makes a node.
    package init(_ content: Content, at mark: DocumentMark, isBinary: Bool = false) {
        self.content = content
        self.mark = mark
        self.isBinary = isBinary
    }
}

/// One key of a mapping and its value.
package struct DocumentPair: Sendable {
    /// The key as written.
    package var key: String
    /// Where the key stands.
    package var mark: DocumentMark
    /// The value.
    package var value: DocumentNode

    /// Makes a pair.
    package init(key: String, mark: DocumentMark, value: DocumentNode) {
        self.key = key
        self.mark = mark
        self.value = value
    }
}

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
