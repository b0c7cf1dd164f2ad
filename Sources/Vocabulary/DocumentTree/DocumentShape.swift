package import JSONText

/// Says what may stand at a place of a document, as data for schemas and for people.
package indirect enum DocumentShape: Sendable {
    /// A text: what it is in words with an article, and an ECMA 262 expression that it matches; nil for any scalar.
    case text(String, pattern: String? = nil)
    /// `true` or `false`.
    case truth
    /// A whole number of a range.
    case integer(ClosedRange<Int>)
    /// One of some words.
    case choice([String])
    /// A list of values of one shape.
    case list(DocumentShape)
    /// A mapping with these keys and no others.
    case table([DocumentEntry])
    /// A mapping with free names, and values of one shape.
    case mapping(DocumentNames, DocumentShape)
    /// One of several shapes.
    case either([DocumentShape])
}

/// What there is to say about one key.
package struct DocumentEntry: Sendable {
    /// The key.
    package let name: String
    /// What its value may be.
    package let shape: DocumentShape
    /// What counts without the key; nil when nothing does, or when the explanation says it.
    package let standard: JSONValue?
    /// Whether the mapping is refused without the key.
    package let isRequired: Bool
    /// What the key means: Markdown, whole sentences.
    package let explanation: String

    /// Describes a key.
    package init(
        name: String, shape: DocumentShape, standard: JSONValue? = nil, isRequired: Bool = false, explanation: String
    ) {
        self.name = name
        self.shape = shape
        self.standard = standard
        self.isRequired = isRequired
        self.explanation = explanation
    }
}

/// The free names of a mapping: any but empty ones and those with a character that cannot be in one.
package struct DocumentNames: Sendable {
    /// What stands for a name in documentation, such as `host[:port]`.
    package let placeholder: String
    /// What a name must be, in words.
    package let words: String
    /// A character that no name has; ASCII, and plain inside a bracket expression.
    package let without: Character

    /// Makes a kind of names.
    package init(_ placeholder: String, _ words: String, without: Character) {
        self.placeholder = placeholder
        self.words = words
        self.without = without
    }

    /// Refuses a key that is no such name.
    ///
    /// - Throws: `DocumentError` for an empty key, and one with the character.
    package func check(_ pair: DocumentPair) throws(DocumentError) {
        guard !pair.key.isEmpty, !pair.key.contains(without) else {
            throw DocumentError(at: pair.mark, "'\(pair.key)' must be \(words)")
        }
    }
}
