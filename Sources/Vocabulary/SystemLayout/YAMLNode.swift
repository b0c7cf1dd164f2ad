/// One node of a YAML document with its place, so that an error can say where.
package struct YAMLNode: Equatable, Sendable {
    /// A place in a document; both count from 1.
    package struct Mark: Equatable, Sendable, CustomStringConvertible {
        /// The line.
        package var line: Int
        /// The column.
        package var column: Int

        /// Makes a place.
        package init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        /// `line 3, column 7`.
        package var description: String { "line \(line), column \(column)" }
    }

    /// One key and its value.
    package struct Pair: Equatable, Sendable {
        /// The key as written.
        package var key: String
        /// Where the key stands.
        package var mark: Mark
        /// The value.
        package var value: YAMLNode

        /// Makes a pair.
        package init(key: String, mark: Mark, value: YAMLNode) {
            self.key = key
            self.mark = mark
            self.value = value
        }
    }

    /// What a node holds.
    package enum Content: Equatable, Sendable {
        /// A scalar as written; `quoted` tells `"null"` from `null`.
        case scalar(String, quoted: Bool)
        /// A sequence.
        case sequence([YAMLNode])
        /// A mapping, in document order, keys unique.
        case mapping([Pair])
    }

    /// What it holds.
    package var content: Content
    /// Where it begins.
    package var mark: Mark

    /// Makes a node.
    package init(_ content: Content, at mark: Mark) {
        self.content = content
        self.mark = mark
    }
}
