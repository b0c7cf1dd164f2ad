import DocumentTree
import SystemPackage

/// What all files of a layer have in common: the first key says the format, and no key is unknown.
enum SpecDocument {
    /// The only format.
    static let format = 1

    /// The key that comes first.
    static func formatKey<Root>() -> DocumentKey<Root> {
        DocumentKey(
            "format", .integer(format...format), required: true, "The version of this file's form; it comes first."
        ) { _, _ in }
    }

    /// The pairs of a file whose keys are all known.
    ///
    /// - Throws: `DocumentError` unless the format comes first; newer ones may have keys that this program does not
    ///   know.
    static func pairs(
        of document: DocumentNode?, _ entries: [DocumentEntry], _ name: String
    ) throws(DocumentError) -> [DocumentPair] {
        let start = DocumentMark(line: 1, column: 1)
        guard let document, !document.isEmpty else { throw DocumentError(at: start, "there is nothing in it") }
        let pairs = try document.pairs(name)
        guard let first = pairs.first, first.key == "format" else {
            throw DocumentError(at: pairs.first?.mark ?? document.mark, "the first key must be 'format: \(format)'")
        }
        let written = try first.value.integer("format", 0...Int.max)
        guard written == format else {
            throw DocumentError(
                at: first.value.mark, "format \(written) is not known, only \(format); a newer boatyard may read it")
        }
        try DocumentShape.table(entries).checkKeys(of: document, name)
        return pairs
    }
}

extension DocumentValue {
    /// The same value with its place in a file.
    static func located<Bare>(_ value: DocumentValue<Bare>, in file: FilePath) -> Self where Value == Located<Bare> {
        Self(value.shape) { (node, name) throws(DocumentError) in
            Located(try value.read(node, name), at: SpecPlace(file, node.mark))
        }
    }

    /// A list whose elements may have conditions; `word` is the key for those that are no mappings by themselves.
    ///
    /// Reads what `SpecTree` has left of it: plain elements.
    static func conditional<Element>(
        _ element: DocumentValue<Element>, _ word: String, limit: Int = SpecLimits.elements
    ) -> Self where Value == [Element] {
        let wrapped = DocumentEntry(
            name: word, shape: element.shape, isRequired: true, explanation: "What there is without a condition.")
        let shape = DocumentShape.either([element.shape, .table([wrapped, SpecCondition.entry()])])
        return Self(.list(shape)) { (node, list) throws(DocumentError) in
            var values: [Element] = []
            for node in try SpecLimits.elements(of: node, list, limit) { values.append(try element.read(node, list)) }
            return values
        }
    }
}

extension DocumentTable where Root: Sendable {
    /// A list of such mappings, each of which may have a condition; `make` gets what a mapping says, and the mapping.
    func elements<Element>(
        from start: Root, limit: Int = SpecLimits.elements,
        make: @escaping @Sendable (Root, DocumentNode) throws(DocumentError) -> Element
    ) -> DocumentValue<[Element]> {
        let shape = DocumentShape.table(entries + [SpecCondition.entry()])
        return DocumentValue<[Element]>(.list(shape)) { (node, list) throws(DocumentError) in
            var values: [Element] = []
            for node in try SpecLimits.elements(of: node, list, limit) {
                var root = start
                try self.read(node, into: &root)
                values.append(try make(root, node))
            }
            return values
        }
    }
}

/// How much is read of what a file may repeat.
enum SpecLimits {
    /// Elements of a list.
    static let elements = 1024
    /// Variants and splits of a package.
    static let variants = 64
    /// Values in all.
    static let values = 512
    /// Bytes of one value.
    static let valueBytes = 4096

    static func elements(of node: DocumentNode, _ name: String, _ limit: Int) throws(DocumentError) -> [DocumentNode] {
        let elements = try node.elements(name)
        guard elements.count <= limit else {
            throw DocumentError(at: node.mark, "\(name) has more than \(limit) elements")
        }
        return elements
    }
}
