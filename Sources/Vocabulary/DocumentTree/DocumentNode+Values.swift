package import SystemPackage

/// Readers of one type each; `name` is what a message calls the value.
extension DocumentNode {
    /// Whether nothing was written: an empty plain scalar, `~` or `null`.
    package var isEmpty: Bool {
        guard case .scalar(let text, let quoted) = content, !quoted else { return false }
        return text.isEmpty || text == "~" || text == "null"
    }

    /// The pairs of a mapping; an empty value counts as an empty mapping.
    ///
    /// - Throws: `DocumentError` for any other kind.
    package func pairs(_ name: String) throws(DocumentError) -> [DocumentPair] {
        if case .mapping(let pairs) = content { return pairs }
        if isEmpty { return [] }
        throw DocumentError(at: mark, "\(name) must be a mapping of keys to values")
    }

    /// The elements of a sequence; an empty value counts as an empty sequence.
    ///
    /// - Throws: `DocumentError` for any other kind.
    package func elements(_ name: String) throws(DocumentError) -> [DocumentNode] {
        if case .sequence(let elements) = content { return elements }
        if isEmpty { return [] }
        throw DocumentError(at: mark, "\(name) must be a list")
    }

    /// The text of a scalar as written, also when it looks like a number.
    ///
    /// - Throws: `DocumentError` for an empty value and any other kind.
    package func text(_ name: String) throws(DocumentError) -> String {
        let text = try scalar(name)
        guard !text.isEmpty else { throw DocumentError(at: mark, "\(name) must be a text") }
        return text
    }

    /// The text of a scalar as written, and the empty text when that is in quotes.
    ///
    /// - Throws: `DocumentError` for nothing at all, for a binary value and for any other kind.
    package func scalar(_ name: String) throws(DocumentError) -> String {
        guard case .scalar(let text, _) = content, !isEmpty else {
            throw DocumentError(at: mark, "\(name) must be a text")
        }
        guard !isBinary else { throw DocumentError(at: mark, "\(name) must be a text, not !!binary") }
        return text
    }

    /// A truth value, as YAML 1.2 spells it.
    ///
    /// - Throws: `DocumentError` for anything but `true` and `false`.
    package func truth(_ name: String) throws(DocumentError) -> Bool {
        try choice(name, ["true", "false"]) { Bool($0) }
    }

    /// A whole number in decimal digits.
    ///
    /// - Throws: `DocumentError` for what is none, and for one outside the range.
    package func integer(_ name: String, _ range: ClosedRange<Int>) throws(DocumentError) -> Int {
        let text = try text(name)
        guard let value = Int(text), range.contains(value), text.first != "+" else {
            let limits = "\(range.lowerBound) to \(range.upperBound)"
            throw DocumentError(at: mark, "\(name) must be a whole number from \(limits), not '\(text)'")
        }
        return value
    }

    /// One of some words; `parse` gives nil for any other.
    ///
    /// - Throws: `DocumentError` that names the words for anything else.
    package func choice<Value>(
        _ name: String, _ words: [String], _ parse: (String) -> Value?
    ) throws(DocumentError) -> Value {
        let text = try text(name)
        guard let value = parse(text) else {
            throw DocumentError(at: mark, "\(name) must be \(words.joined(separator: " or ")), not '\(text)'")
        }
        return value
    }

    /// An absolute path.
    ///
    /// - Throws: `DocumentError` for a relative one.
    package func path(_ name: String) throws(DocumentError) -> FilePath {
        let text = try text(name)
        guard text.hasPrefix("/") else {
            throw DocumentError(at: mark, "\(name) must be an absolute path, not '\(text)'")
        }
        return FilePath(text)
    }
}
