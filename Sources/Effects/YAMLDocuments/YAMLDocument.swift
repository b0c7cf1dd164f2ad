import CYaml
package import SystemLayout

/// Reads YAML texts of one document into nodes that know their places.
package enum YAMLDocument {
    /// The longest text that is read, in bytes.
    package static let sizeLimit = 1 << 20
    /// The deepest nesting that is read.
    package static let depthLimit = 64

    /// Reads the one document of a text; nil when the text has none.
    ///
    /// - Throws: `YAMLError` with line and column: bad syntax, a repeated key, a key that is no scalar, an alias, anchor
    ///   or tag, a second document, or limits exceeded.
    package static func parse(_ bytes: [UInt8]) throws(YAMLError) -> YAMLNode? {
        let start = YAMLNode.Mark(line: 1, column: 1)
        guard bytes.count <= sizeLimit else { throw YAMLError(mark: start, reason: "longer than \(sizeLimit) bytes") }
        let result: Result<YAMLNode?, YAMLError> = unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let reader = unsafe YAMLEventReader(buffer) else {
                return .failure(YAMLError(mark: start, reason: "out of memory"))
            }
            do throws(YAMLError) { return .success(try document(reader)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// The version of the linked libyaml.
    ///
    /// The corresponding C function is `yaml_get_version_string`.
    package static var libraryVersion: String { unsafe String(cString: yaml_get_version_string()) }

    private static func document(_ reader: borrowing YAMLEventReader) throws(YAMLError) -> YAMLNode? {
        var found: YAMLNode?
        while true {
            let (event, mark) = try reader.next()
            switch event {
            case .streamEnd: return found
            case .streamStart, .documentStart, .documentEnd: continue
            default:
                guard found == nil else { throw YAMLError(mark: mark, reason: "a second document; write one only") }
                found = try node(event, mark, reader, depth: 0)
            }
        }
    }

    private static func node(
        _ event: YAMLEvent, _ mark: YAMLNode.Mark, _ reader: borrowing YAMLEventReader, depth: Int
    ) throws(YAMLError) -> YAMLNode {
        guard depth < depthLimit else { throw YAMLError(mark: mark, reason: "nested deeper than \(depthLimit)") }
        switch event {
        case .scalar(let text, let quoted): return YAMLNode(.scalar(text, quoted: quoted), at: mark)
        case .sequenceStart: return YAMLNode(.sequence(try elements(reader, depth: depth)), at: mark)
        case .mappingStart: return YAMLNode(.mapping(try pairs(reader, depth: depth)), at: mark)
        default: throw YAMLError(mark: mark, reason: "expected a value")
        }
    }

    private static func elements(
        _ reader: borrowing YAMLEventReader, depth: Int
    ) throws(YAMLError) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        while true {
            let (event, mark) = try reader.next()
            if case .sequenceEnd = event { return elements }
            elements.append(try node(event, mark, reader, depth: depth + 1))
        }
    }

    private static func pairs(
        _ reader: borrowing YAMLEventReader, depth: Int
    ) throws(YAMLError) -> [YAMLNode.Pair] {
        var pairs: [YAMLNode.Pair] = []
        var keys: Set<String> = []
        while true {
            let (event, mark) = try reader.next()
            if case .mappingEnd = event { return pairs }
            guard case .scalar(let key, _) = event else { throw YAMLError(mark: mark, reason: "a key must be a text") }
            guard keys.insert(key).inserted else { throw YAMLError(mark: mark, reason: "key '\(key)' is repeated") }
            let (next, place) = try reader.next()
            pairs.append(YAMLNode.Pair(key: key, mark: mark, value: try node(next, place, reader, depth: depth + 1)))
        }
    }
}
