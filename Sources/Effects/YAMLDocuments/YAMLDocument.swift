import CYaml
package import DocumentTree

/// Reads YAML texts of one document into nodes that know their places.
package enum YAMLDocument {
    /// The longest text that is read, in bytes.
    package static let sizeLimit = 1 << 20
    /// The deepest nesting that is read.
    package static let depthLimit = 64

    /// Reads the one document of a text; nil when the text has none.
    ///
    /// - Throws: `DocumentError` with line and column: bad syntax, a repeated key, a key that is no scalar, an alias, anchor
    ///   or tag, a second document, or limits exceeded.
    package static func parse(_ bytes: [UInt8]) throws(DocumentError) -> DocumentNode? {
        let start = DocumentMark(line: 1, column: 1)
        guard bytes.count <= sizeLimit else { throw DocumentError(at: start, "longer than \(sizeLimit) bytes") }
        let result: Result<DocumentNode?, DocumentError> = unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let reader = unsafe YAMLEventReader(buffer) else {
                return .failure(DocumentError(at: start, "out of memory"))
            }
            do throws(DocumentError) { return .success(try document(reader)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// The version of the linked libyaml.
    ///
    /// The corresponding C function is `yaml_get_version_string`.
    package static var libraryVersion: String { unsafe String(cString: yaml_get_version_string()) }

    private static func document(_ reader: borrowing YAMLEventReader) throws(DocumentError) -> DocumentNode? {
        var found: DocumentNode?
        while true {
            let (event, mark) = try reader.next()
            switch event {
            case .streamEnd: return found
            case .streamStart, .documentStart, .documentEnd: continue
            default:
                guard found == nil else { throw DocumentError(at: mark, "a second document; write one only") }
                found = try node(event, mark, reader, depth: 0)
            }
        }
    }

    private static func node(
        _ event: YAMLEvent, _ mark: DocumentMark, _ reader: borrowing YAMLEventReader, depth: Int
    ) throws(DocumentError) -> DocumentNode {
        guard depth < depthLimit else { throw DocumentError(at: mark, "nested deeper than \(depthLimit)") }
        switch event {
        case .scalar(let text, let quoted): return DocumentNode(.scalar(text, quoted: quoted), at: mark)
        case .sequenceStart: return DocumentNode(.sequence(try elements(reader, depth: depth)), at: mark)
        case .mappingStart: return DocumentNode(.mapping(try pairs(reader, depth: depth)), at: mark)
        default: throw DocumentError(at: mark, "expected a value")
        }
    }

    private static func elements(
        _ reader: borrowing YAMLEventReader, depth: Int
    ) throws(DocumentError) -> [DocumentNode] {
        var elements: [DocumentNode] = []
        while true {
            let (event, mark) = try reader.next()
            if case .sequenceEnd = event { return elements }
            elements.append(try node(event, mark, reader, depth: depth + 1))
        }
    }

    private static func pairs(
        _ reader: borrowing YAMLEventReader, depth: Int
    ) throws(DocumentError) -> [DocumentPair] {
        var pairs: [DocumentPair] = []
        var keys: Set<String> = []
        while true {
            let (event, mark) = try reader.next()
            if case .mappingEnd = event { return pairs }
            guard case .scalar(let key, _) = event else { throw DocumentError(at: mark, "a key must be a text") }
            guard keys.insert(key).inserted else { throw DocumentError(at: mark, "key '\(key)' is repeated") }
            let (next, place) = try reader.next()
            pairs.append(DocumentPair(key: key, mark: mark, value: try node(next, place, reader, depth: depth + 1)))
        }
    }
}
