package import JSONText

/// The keys of one kind of mapping, from which its parser, its messages, its schema and its documentation come.
///
/// There is no other list of the keys.
package struct DocumentTable<Root>: Sendable {
    /// What messages call the mapping, such as `a volume`.
    package let name: String
    /// The keys as data, in the order in which people read of them.
    package let entries: [DocumentEntry]
    private let keys: [DocumentKey<Root>]
    private let emptyIsAbsent: Bool

    /// Makes a table.
    ///
    /// - Parameter emptyIsAbsent: whether a key with nothing behind it counts as left out.
    package init(_ name: String, emptyIsAbsent: Bool = false, _ keys: [DocumentKey<Root>]) {
        self.name = name
        self.keys = keys
        self.emptyIsAbsent = emptyIsAbsent
        var entries: [DocumentEntry] = []
        for key in keys { entries.append(key.entry) }
        self.entries = entries
    }

    /// Takes over what a mapping says, in its order; what it does not say stays as it is.
    ///
    /// - Throws: `DocumentError` for a node that is no mapping, an unknown key, a value that its key does not take, or
    ///   a required key that is missing.
    package func read(_ node: DocumentNode, into root: inout Root) throws(DocumentError) {
        let pairs = try node.pairs(name)
        for pair in pairs {
            let key = keys[try entries.index(of: pair)]
            if emptyIsAbsent, pair.value.isEmpty { continue }
            try key.read(&root, pair.value)
        }
        try entries.checkRequired(pairs, name, node.mark)
    }
}

// What a table does without knowing where values go, so that it is compiled once.
extension [DocumentEntry] {
    /// The place of a pair's key in the table.
    fileprivate func index(of pair: DocumentPair) throws(DocumentError) -> Int {
        guard let index = firstIndex(where: { $0.name == pair.key }) else { throw pair.unknown(map(\.name)) }
        return index
    }

    /// Refuses a mapping without its required keys.
    fileprivate func checkRequired(
        _ pairs: [DocumentPair], _ name: String, _ mark: DocumentMark
    ) throws(DocumentError) {
        let required = filter(\.isRequired).map(\.name)
        guard required.allSatisfy({ name in pairs.contains { $0.key == name && !$0.value.isEmpty } }) else {
            throw DocumentError(at: mark, "\(name) needs \(required.joined(separator: " and "))")
        }
    }
}

/// One key of a table: what its value may be, what it means, and where the value goes.
package struct DocumentKey<Root>: Sendable {
    /// What there is to say about the key.
    package let entry: DocumentEntry
    let read: @Sendable (inout Root, DocumentNode) throws(DocumentError) -> Void

    /// Makes a key with a value.
    ///
    /// - Parameters:
    ///   - standard: what counts without the key; nil when the explanation says it.
    ///   - explanation: Markdown, whole sentences.
    package init<Value>(
        _ name: String, _ value: DocumentValue<Value>, default standard: JSONValue? = nil, required: Bool = false,
        _ explanation: String, set: @escaping @Sendable (inout Root, Value) -> Void
    ) {
        entry = DocumentEntry(
            name: name, shape: value.shape, standard: standard, isRequired: required, explanation: explanation)
        read = { (root, node) throws(DocumentError) in set(&root, try value.read(node, name)) }
    }

    /// Makes a key with keys of the same root below it.
    package init(_ name: String, _ keys: [DocumentKey<Root>], _ explanation: String) {
        let table = DocumentTable(name, keys)
        entry = DocumentEntry(name: name, shape: .table(table.entries), explanation: explanation)
        read = { (root, node) throws(DocumentError) in try table.read(node, into: &root) }
    }

    /// Makes a key whose value has free names, with the keys of a table below each.
    ///
    /// - Parameter update: finds or makes the element of a name, has it read, and keeps it.
    package init<Element>(
        _ name: String, each names: DocumentNames, _ table: DocumentTable<Element>, _ explanation: String,
        update:
            @escaping @Sendable (
                _ root: inout Root, _ name: String, _ read: (inout Element) throws(DocumentError) -> Void
            ) throws(DocumentError) -> Void
    ) {
        entry = DocumentEntry(name: name, shape: .mapping(names, .table(table.entries)), explanation: explanation)
        read = { (root, node) throws(DocumentError) in
            for pair in try node.pairs(name) {
                try names.check(pair)
                try update(&root, pair.key) { (element) throws(DocumentError) in
                    try table.read(pair.value, into: &element)
                }
            }
        }
    }
}
