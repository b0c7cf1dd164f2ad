package import DocumentTree
import SystemPackage

// Values as the family's files write them: wider than in files of our own, never guessed.

extension DocumentValue where Value == String {
    /// Any scalar as written, also the empty text in quotes.
    static var words: Self {
        Self(.text("a text")) { (node, name) throws(DocumentError) in try node.scalar(name) }
    }

    /// A text of one line.
    static var line: Self {
        Self(.text("a text of one line")) { (node, name) throws(DocumentError) in
            let text = try node.scalar(name)
            guard !text.utf8.contains(where: { $0 == 0x0A || $0 == 0 }) else {
                throw DocumentError(at: node.mark, "\(name) must be one line")
            }
            return text
        }
    }

    /// A word: no white space in it.
    static var word: Self {
        Self(.text("a word", pattern: #"^\S+$"#)) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard text.utf8.allSatisfy({ $0 > 0x20 }) else {
                throw DocumentError(at: node.mark, "\(name) must be one word, not '\(text)'")
            }
            return text
        }
    }
}

extension DocumentValue where Value == Bool {
    /// A truth value in every spelling of YAML 1.1 and 1.2, also in quotes.
    static var anyTruth: Self {
        let shape = DocumentShape.either([.truth, .choice(["yes", "no", "on", "off"])])
        return Self(shape) { (node, name) throws(DocumentError) in
            switch try node.text(name).lowercased() {
            case "true", "yes", "on", "y": return true
            case "false", "no", "off", "n": return false
            default:
                throw DocumentError(at: node.mark, "\(name) must be true or false, not '\(try node.text(name))'")
            }
        }
    }
}

extension DocumentValue where Value == [String] {
    /// A list of texts.
    static var texts: Self { .list(of: .words, "an element") }

    /// A list of texts; a single text is a list of one.
    static var textOrTexts: Self {
        Self(.either([.list(.text("a text")), .text("a text")])) { (node, name) throws(DocumentError) in
            if case .scalar = node.content { return node.isEmpty ? [] : [try node.scalar(name)] }
            return try texts.read(node, name)
        }
    }

    /// A list of names; a single text holds them with commas between.
    static var names: Self {
        Self(.either([.list(.text("a name")), .text("names with commas between")])) {
            (node, name) throws(DocumentError) in
            let texts = try textOrTexts.read(node, name)
            guard case .scalar = node.content else { return texts }
            return texts.flatMap { $0.split(separator: ",").map(DocumentText.trimmed) }.filter { !$0.isEmpty }
        }
    }
}

/// Small readings of a text.
enum DocumentText {
    /// The text without white space at both ends.
    static func trimmed(_ text: some StringProtocol) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A value and where it stands, so that what becomes of it can be said by line.
package struct Placed<Value: Equatable & Sendable>: Equatable, Sendable {
    /// The value.
    package var value: Value
    /// Where it begins.
    package var mark: DocumentMark

    /// Joins both.
    package init(_ value: Value, at mark: DocumentMark) {
        self.value = value
        self.mark = mark
    }
}

extension DocumentValue where Value: Equatable & Sendable {
    /// The same value with its place.
    var placed: DocumentValue<Placed<Value>> {
        let read = read
        return DocumentValue<Placed<Value>>(shape) { (node, name) throws(DocumentError) in
            Placed(try read(node, name), at: node.mark)
        }
    }
}
