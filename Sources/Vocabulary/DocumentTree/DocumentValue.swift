import Faults
package import SystemPackage

/// One type of value: what it looks like, and how it is read.
package struct DocumentValue<Value>: Sendable {
    /// What it looks like.
    package let shape: DocumentShape
    /// Reads a node; `name` is what messages call the value.
    package let read: @Sendable (_ node: DocumentNode, _ name: String) throws(DocumentError) -> Value

    /// Makes a type; the reader gets what messages call the value.
    package init(
        _ shape: DocumentShape,
        read: @escaping @Sendable (_ node: DocumentNode, _ name: String) throws(DocumentError) -> Value
    ) {
        self.shape = shape
        self.read = read
    }

    /// Makes a type that is written as a text with a form of its own.
    ///
    /// - Parameters:
    ///   - words: what it is, with an article.
    ///   - pattern: an ECMA 262 expression that every text of the form matches.
    package init<Fault: Error & CustomStringConvertible>(
        text words: String, pattern: String, parse: @escaping @Sendable (String) throws(Fault) -> Value
    ) {
        shape = .text(words, pattern: pattern)
        read = { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            do throws(Fault) { return try parse(text) } catch { throw DocumentError(at: node.mark, error.description) }
        }
    }

    /// A list of values of one type; `name` is what messages call one of them, with an article.
    package static func list<Element>(of element: DocumentValue<Element>, _ name: String) -> Self
    where Value == [Element] {
        Self(.list(element.shape)) { (node, list) throws(DocumentError) in
            var values: [Element] = []
            for node in try node.elements(list) { values.append(try element.read(node, name)) }
            return values
        }
    }

    /// A mapping with free names, in the order of the document; `name` is what messages call one value.
    package static func mapping<Element>(_ names: DocumentNames, of element: DocumentValue<Element>) -> Self
    where Value == [DocumentMember<Element>] {
        Self(.mapping(names, element.shape)) { (node, mapping) throws(DocumentError) in
            var members: [DocumentMember<Element>] = []
            for pair in try node.pairs(mapping) {
                try names.check(pair)
                let value = try element.read(pair.value, "\(mapping).\(pair.key)")
                members.append(DocumentMember(name: pair.key, mark: pair.mark, value: value))
            }
            return members
        }
    }

    /// A mapping with the keys of a table, read into a copy of what counts without them.
    package static func table(_ table: DocumentTable<Value>, from start: Value) -> Self where Value: Sendable {
        Self(.table(table.entries)) { (node, _) throws(DocumentError) in
            var value = start
            try table.read(node, into: &value)
            return value
        }
    }
}

/// A free name of a mapping, and what it stands for.
package struct DocumentMember<Value> {
    /// The name as written.
    package var name: String
    /// Where the name stands.
    package var mark: DocumentMark
    /// What it stands for.
    package var value: Value

    /// Makes a member.
    package init(name: String, mark: DocumentMark, value: Value) {
        self.name = name
        self.mark = mark
        self.value = value
    }
}

extension DocumentMember: Equatable where Value: Equatable {}
extension DocumentMember: Sendable where Value: Sendable {}

extension DocumentValue where Value == String {
    /// Any scalar, as written.
    package static var text: Self {
        Self(.text("a text")) { (node, name) throws(DocumentError) in try node.text(name) }
    }
}

extension DocumentValue where Value == Bool {
    /// `true` or `false`.
    package static var truth: Self {
        Self(.truth) { (node, name) throws(DocumentError) in try node.truth(name) }
    }
}

extension DocumentValue where Value == Int {
    /// A whole number of a range.
    package static func integer(_ range: ClosedRange<Int>) -> Self {
        Self(.integer(range)) { (node, name) throws(DocumentError) in try node.integer(name, range) }
    }
}

extension DocumentValue where Value == FilePath {
    /// An absolute path.
    package static var path: DocumentValue<FilePath> {
        Self(.text("an absolute path", pattern: "^/")) { (node, name) throws(DocumentError) in try node.path(name) }
    }
}

extension DocumentValue where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
    /// One of the words of an enumeration.
    package static var choice: Self {
        let words = Value.allCases.map(\.rawValue)
        return Self(.choice(words)) { (node, name) throws(DocumentError) in
            try node.choice(name, words) { Value(rawValue: $0) }
        }
    }
}
