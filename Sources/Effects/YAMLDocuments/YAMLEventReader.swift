import CYaml
import DocumentTree

/// Holds a libyaml parser over bytes that stay where they are while it lives.
@safe struct YAMLEventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// Starts at the first byte; the buffer must outlive the reader.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            return nil
        }
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
    }

    /// Reads the next event, with what stands before it.
    ///
    /// The corresponding C function is `yaml_parser_parse`.
    ///
    /// - Throws: `DocumentError` for bad syntax.
    borrowing func next() throws(DocumentError) -> YAMLToken {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw unsafe Self.fault(parser.pointee) }
        defer { unsafe yaml_event_delete(&event) }
        let mark = DocumentMark(
            line: Int(clamping: unsafe event.start_mark.line) + 1,
            column: Int(clamping: unsafe event.start_mark.column) + 1)
        let (translated, properties) = try unsafe Self.translate(event, mark)
        return YAMLToken(event: translated, properties: properties, mark: mark)
    }

    private static func translate(
        _ event: yaml_event_t, _ mark: DocumentMark
    ) throws(DocumentError) -> (YAMLEvent, YAMLProperties) {
        switch unsafe event.type {
        case YAML_SCALAR_EVENT: return try unsafe scalar(event, mark)
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe event.data.sequence_start
            return (.sequenceStart, try unsafe properties(start.anchor, start.tag, mark))
        case YAML_SEQUENCE_END_EVENT: return (.sequenceEnd, .none)
        case YAML_MAPPING_START_EVENT:
            let start = unsafe event.data.mapping_start
            return (.mappingStart, try unsafe properties(start.anchor, start.tag, mark))
        case YAML_MAPPING_END_EVENT: return (.mappingEnd, .none)
        case YAML_DOCUMENT_START_EVENT: return (.documentStart, .none)
        case YAML_DOCUMENT_END_EVENT: return (.documentEnd, .none)
        case YAML_STREAM_START_EVENT: return (.streamStart, .none)
        case YAML_STREAM_END_EVENT: return (.streamEnd, .none)
        default: return (.alias(try unsafe text(event.data.alias.anchor, mark) ?? ""), .none)
        }
    }

    private static func scalar(
        _ event: yaml_event_t, _ mark: DocumentMark
    ) throws(DocumentError) -> (YAMLEvent, YAMLProperties) {
        let scalar = unsafe event.data.scalar
        let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        guard let text = unsafe String(validating: bytes, as: UTF8.self) else {
            throw DocumentError(at: mark, "not UTF-8")
        }
        let isQuoted = unsafe scalar.style != YAML_PLAIN_SCALAR_STYLE
        return (.scalar(text, quoted: isQuoted), try unsafe properties(scalar.anchor, scalar.tag, mark))
    }

    private static func properties(
        _ anchor: UnsafeMutablePointer<UInt8>?, _ tag: UnsafeMutablePointer<UInt8>?, _ mark: DocumentMark
    ) throws(DocumentError) -> YAMLProperties {
        YAMLProperties(anchor: try unsafe text(anchor, mark), tag: try unsafe text(tag, mark))
    }

    private static func text(
        _ pointer: UnsafeMutablePointer<UInt8>?, _ mark: DocumentMark
    ) throws(DocumentError) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        var length = 0
        while unsafe pointer[length] != 0 { length += 1 }
        let bytes = unsafe UnsafeBufferPointer(start: pointer, count: length)
        guard let text = unsafe String(validating: bytes, as: UTF8.self) else {
            throw DocumentError(at: mark, "not UTF-8")
        }
        return text
    }

    private static func fault(_ parser: yaml_parser_t) -> DocumentError {
        let place = unsafe parser.problem_mark
        let mark = DocumentMark(line: Int(clamping: place.line) + 1, column: Int(clamping: place.column) + 1)
        let problem = unsafe parser.problem.map { unsafe String(cString: $0) }
        return DocumentError(at: mark, problem ?? "not YAML")
    }
}
