import DocumentTree
package import JSONText

// What the formats of clouds need of documents besides what ours need.

extension DocumentNode {
    /// Takes over a JSON value, so that one reader serves both languages; every place is the first.
    package init(_ json: JSONValue) {
        let mark = DocumentMark(line: 1, column: 1)
        let content: Content =
            switch json {
            case .null: .scalar("null", quoted: false)
            case .bool(let value): .scalar(value ? "true" : "false", quoted: false)
            case .integer(let value): .scalar(String(value), quoted: false)
            case .number(let value): .scalar(String(value), quoted: false)
            case .string(let text): .scalar(text, quoted: true)
            case .array(let elements): .sequence(elements.map { DocumentNode($0) })
            case .object(let object):
                .mapping(
                    object.members.map { DocumentPair(key: $0.name, mark: mark, value: DocumentNode($0.value)) })
            }
        self.init(content, at: mark)
    }

    /// Whether it is a mapping.
    var isMapping: Bool { if case .mapping = content { true } else { false } }

    /// Whether it is a list.
    var isSequence: Bool { if case .sequence = content { true } else { false } }

    /// The value of a key; nil when this is no mapping, or has no such key with a value.
    subscript(key: String) -> DocumentNode? {
        guard case .mapping(let pairs) = content else { return nil }
        guard let value = pairs.first(where: { $0.key == key })?.value, !value.isEmpty else { return nil }
        return value
    }

    /// What is found below one key after the other.
    subscript(path path: [String]) -> DocumentNode? {
        path.reduce(Optional(self)) { node, key in node?[key] }
    }

    /// The text of a scalar that has one.
    var plainText: String? {
        guard case .scalar(let text, _) = content, !isEmpty, !text.isEmpty else { return nil }
        return text
    }
}

extension DocumentValue where Value == DocumentNode {
    /// Anything, to be looked at later.
    static var node: Self { Self(.text("a value")) { (node, _) in node } }
}

extension Character {
    /// Whether it may be in names of files and of interfaces everywhere: an ASCII letter or digit, `.`, `_`, `-`.
    var isPlain: Bool { isASCII && (isLetter || isNumber || self == "." || self == "_" || self == "-") }
}
