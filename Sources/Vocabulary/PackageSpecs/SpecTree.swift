import DocumentTree

/// Works conditions and substitutions into a document, so that what a table reads is plain.
struct SpecTree {
    /// Keys whose texts are for a shell.
    private static let shellKeys: Set = ["build.prepare", "build.steps", "steps", "finalize"]
    /// Keys under which an element of a list is written when it has a condition and is no mapping by itself.
    static let wrappers = ["item", "run"]

    var substitution: Substitution
    let architecture: String

    /// The node with everything worked in; `key` says where it is, such as `build.steps`.
    ///
    /// Documents are at most as deep as their reader allows, and so is this.
    mutating func resolved(_ node: DocumentNode, _ key: String) throws(DocumentError) -> DocumentNode {
        var result = node
        switch node.content {
        case .scalar(let text, let quoted):
            let isShell = Self.shellKeys.contains(key)
            let expanded = try substitution.expand(text, at: node.mark, as: isShell ? .shell : .text)
            // What came out of a value is a text, also when it looks like nothing.
            result.content = .scalar(expanded, quoted: quoted || expanded != text)
        case .sequence(let elements):
            var kept: [DocumentNode] = []
            for element in elements {
                if let plain = try plain(element) { kept.append(try resolved(plain, key)) }
            }
            result.content = .sequence(kept)
        case .mapping(let pairs):
            var kept: [DocumentPair] = []
            for var pair in pairs {
                pair.value = try resolved(pair.value, key.isEmpty ? pair.key : "\(key).\(pair.key)")
                kept.append(pair)
            }
            result.content = .mapping(kept)
        }
        return result
    }

    /// An element of a list without its condition; nil when that does not hold.
    mutating func plain(_ element: DocumentNode) throws(DocumentError) -> DocumentNode? {
        guard case .mapping(var pairs) = element.content else { return element }
        if let index = pairs.firstIndex(where: { $0.key == SpecCondition.key }) {
            let condition = pairs.remove(at: index).value
            guard try SpecCondition.holds(condition, architecture: architecture, &substitution) else { return nil }
        }
        if pairs.count == 1, Self.wrappers.contains(pairs[0].key) { return pairs[0].value }
        return DocumentNode(.mapping(pairs), at: element.mark)
    }
}

extension DocumentShape {
    /// Refuses unknown keys everywhere, also in what a condition takes away; `name` is what messages call the node.
    ///
    /// What scalars may be is for the tables to say, when nothing has to be put in any more.
    func checkKeys(of node: DocumentNode, _ name: String) throws(DocumentError) {
        switch self {
        case .text, .truth, .integer, .choice: return
        case .list(let element):
            for node in try node.elements(name) { try element.checkKeys(of: node, "an element of \(name)") }
        case .table(let entries):
            for pair in try node.pairs(name) {
                guard let entry = entries.first(where: { $0.name == pair.key }) else {
                    throw pair.unknown(entries.map(\.name))
                }
                try entry.shape.checkKeys(of: pair.value, pair.key)
            }
        case .mapping(_, let value):
            for pair in try node.pairs(name) { try value.checkKeys(of: pair.value, pair.key) }
        case .either(let shapes):
            if let shape = shapes.first(where: { $0.isFor(node) }) { try shape.checkKeys(of: node, name) }
        }
    }

    /// Whether a shape is of the kind of a node.
    private func isFor(_ node: DocumentNode) -> Bool {
        switch (self, node.content) {
        case (.list, .sequence), (.table, .mapping), (.mapping, .mapping): true
        default: false
        }
    }
}
