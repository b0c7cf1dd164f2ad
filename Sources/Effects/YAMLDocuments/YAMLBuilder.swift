import DocumentTree

/// Builds nodes of events, and writes aliases out where that is asked for.
struct YAMLBuilder {
    private let references: YAMLDocument.References
    private var anchors: YAMLAnchors

    init(_ references: YAMLDocument.References) {
        self.references = references
        anchors = YAMLAnchors()
    }

    mutating func document(_ reader: borrowing YAMLEventReader) throws(DocumentError) -> DocumentNode? {
        var found: DocumentNode?
        while true {
            let token = try reader.next()
            switch token.event {
            case .streamEnd: return found
            case .streamStart, .documentStart, .documentEnd: continue
            default:
                guard found == nil else { throw DocumentError(at: token.mark, "a second document; write one only") }
                found = try node(token, reader, depth: 0)
            }
        }
    }

    private mutating func node(
        _ token: YAMLToken, _ reader: borrowing YAMLEventReader, depth: Int
    ) throws(DocumentError) -> DocumentNode {
        guard depth < YAMLDocument.depthLimit else {
            throw DocumentError(at: token.mark, "nested deeper than \(YAMLDocument.depthLimit)")
        }
        if case .alias(let name) = token.event { return try alias(name, token.mark, depth: depth) }
        if references == .refused, !token.properties.isEmpty {
            throw DocumentError(at: token.mark, "anchors and tags are not accepted; write the value out")
        }
        var node = DocumentNode(try content(token, reader, depth: depth), at: token.mark)
        if let tag = token.properties.tag { try YAMLTag.apply(tag, to: &node) }
        if let anchor = token.properties.anchor { anchors.keep(node, as: anchor) }
        return node
    }

    private mutating func content(
        _ token: YAMLToken, _ reader: borrowing YAMLEventReader, depth: Int
    ) throws(DocumentError) -> DocumentNode.Content {
        switch token.event {
        case .scalar(let text, let quoted): return .scalar(text, quoted: quoted)
        case .sequenceStart: return .sequence(try elements(reader, depth: depth))
        case .mappingStart: return .mapping(try pairs(reader, depth: depth))
        default: throw DocumentError(at: token.mark, "expected a value")
        }
    }

    private mutating func alias(
        _ name: String, _ mark: DocumentMark, depth: Int
    ) throws(DocumentError) -> DocumentNode {
        guard references == .expanded else {
            throw DocumentError(at: mark, "aliases are not accepted; write the value out")
        }
        return try anchors.value(of: name, at: mark, depth: depth)
    }

    private mutating func elements(
        _ reader: borrowing YAMLEventReader, depth: Int
    ) throws(DocumentError) -> [DocumentNode] {
        var elements: [DocumentNode] = []
        while true {
            let token = try reader.next()
            if case .sequenceEnd = token.event { return elements }
            elements.append(try node(token, reader, depth: depth + 1))
        }
    }

    private mutating func pairs(
        _ reader: borrowing YAMLEventReader, depth: Int
    ) throws(DocumentError) -> [DocumentPair] {
        var pairs: [DocumentPair] = []
        var keys: Set<String> = []
        var merged: [DocumentNode] = []
        while true {
            let token = try reader.next()
            if case .mappingEnd = token.event { return try YAMLMerge.join(pairs, merged) }
            guard case .scalar(let key, let quoted) = token.event else {
                throw DocumentError(at: token.mark, "a key must be a text")
            }
            if references == .refused, !token.properties.isEmpty {
                throw DocumentError(at: token.mark, "anchors and tags are not accepted; write the value out")
            }
            guard keys.insert(key).inserted else { throw DocumentError(at: token.mark, "key '\(key)' is repeated") }
            let value = try node(try reader.next(), reader, depth: depth + 1)
            if references == .expanded, key == "<<", !quoted {
                merged.append(value)
            } else {
                pairs.append(DocumentPair(key: key, mark: token.mark, value: value))
            }
        }
    }
}
