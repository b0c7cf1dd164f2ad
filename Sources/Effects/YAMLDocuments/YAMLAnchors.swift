import DocumentTree

/// Keeps the values that anchors name, and counts what their aliases add.
struct YAMLAnchors {
    /// What all aliases of a document may add in nodes, and in bytes of text: a few lines can stand for gigabytes.
    static let limits = (nodes: 10_000, bytes: 1 << 20)

    /// A value and what writing it out once more costs.
    private struct Kept {
        var node: DocumentNode
        var size: Size
    }

    /// How much a value is.
    private struct Size {
        var nodes = 0
        var bytes = 0
        var depth = 0
    }

    private var kept: [String: Kept] = [:]
    private var added = Size()

    /// Keeps a value; of a repeated name the last counts, as YAML says.
    mutating func keep(_ node: DocumentNode, as name: String) {
        kept[name] = Kept(node: node, size: Self.size(of: node))
    }

    /// The value of an alias.
    ///
    /// - Throws: `DocumentError` for a name that was not there before, for a value inside itself, and when all aliases
    ///   together stand for too much.
    mutating func value(of name: String, at mark: DocumentMark, depth: Int) throws(DocumentError) -> DocumentNode {
        guard let kept = kept[name] else {
            throw DocumentError(at: mark, "there is no whole value with the anchor '&\(name)' before this alias")
        }
        added.nodes += kept.size.nodes
        added.bytes += kept.size.bytes
        guard added.nodes <= Self.limits.nodes, added.bytes <= Self.limits.bytes else {
            throw DocumentError(
                at: mark,
                "the aliases stand for more than \(Self.limits.nodes) values or \(Self.limits.bytes) bytes; write fewer"
            )
        }
        guard depth + kept.size.depth < YAMLDocument.depthLimit else {
            throw DocumentError(at: mark, "nested deeper than \(YAMLDocument.depthLimit)")
        }
        return kept.node
    }

    // The nodes of a document are no deeper than the limit, and so is this.
    private static func size(of node: DocumentNode) -> Size {
        switch node.content {
        case .scalar(let text, _): Size(nodes: 1, bytes: text.utf8.count)
        case .sequence(let elements): size(of: elements)
        case .mapping(let pairs): size(of: pairs.map(\.value), keys: pairs.reduce(0) { $0 + $1.key.utf8.count })
        }
    }

    private static func size(of nodes: [DocumentNode], keys: Int = 0) -> Size {
        nodes.reduce(Size(nodes: 1, bytes: keys, depth: 1)) { sum, node in
            let size = size(of: node)
            return Size(
                nodes: sum.nodes + size.nodes, bytes: sum.bytes + size.bytes, depth: max(sum.depth, size.depth + 1))
        }
    }
}

/// Joins the pairs of merge keys (`<<`) with those that are written out, which win.
///
/// The source is "Merge Key Language-Independent Type for YAML 1.1".
enum YAMLMerge {
    static func join(_ pairs: [DocumentPair], _ merged: [DocumentNode]) throws(DocumentError) -> [DocumentPair] {
        var joined = pairs
        var keys = Set(pairs.map(\.key))
        for node in merged {
            for pair in try sources(of: node) where keys.insert(pair.key).inserted { joined.append(pair) }
        }
        return joined
    }

    /// The pairs of the mappings that a merge key names; of several the first that has a key counts.
    private static func sources(of node: DocumentNode) throws(DocumentError) -> [DocumentPair] {
        switch node.content {
        case .mapping(let pairs): return pairs
        case .sequence(let nodes):
            var pairs: [DocumentPair] = []
            for node in nodes {
                guard case .mapping(let more) = node.content else {
                    throw DocumentError(at: node.mark, "an element of '<<' must be a mapping")
                }
                pairs += more
            }
            return pairs
        case .scalar: throw DocumentError(at: node.mark, "'<<' must be a mapping, or a list of mappings")
        }
    }
}

/// What YAML's own tags make of a value.
enum YAMLTag {
    private static let own = "tag:yaml.org,2002:"

    static func apply(_ tag: String, to node: inout DocumentNode) throws(DocumentError) {
        let name = tag.hasPrefix(own) ? String(tag.dropFirst(own.count)) : tag
        switch (name, node.content) {
        case ("binary", .scalar): node.isBinary = true
        case ("str", .scalar(let text, _)): node.content = .scalar(text, quoted: true)
        case ("int", .scalar), ("bool", .scalar), ("map", .mapping), ("seq", .sequence): break
        default: throw DocumentError(at: node.mark, "the tag '\(tag)' is not accepted; leave it out")
        }
    }
}
