import CYaml
import DocumentTree

/// One event of a YAML text, in Swift's terms.
enum YAMLEvent {
    case scalar(String, quoted: Bool)
    case sequenceStart
    case sequenceEnd
    case mappingStart
    case mappingEnd
    case documentStart
    case documentEnd
    case streamStart
    case streamEnd
}

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

    /// Reads the next event.
    ///
    /// The corresponding C function is `yaml_parser_parse`.
    ///
    /// - Throws: `DocumentError` for bad syntax, and for aliases, anchors and tags, which documents of ours do not have.
    borrowing func next() throws(DocumentError) -> (YAMLEvent, DocumentMark) {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw unsafe Self.fault(parser.pointee) }
        defer { unsafe yaml_event_delete(&event) }
        let mark = DocumentMark(
            line: Int(clamping: unsafe event.start_mark.line) + 1,
            column: Int(clamping: unsafe event.start_mark.column) + 1)
        return (try unsafe Self.translate(event, mark), mark)
    }

    private static func translate(_ event: yaml_event_t, _ mark: DocumentMark) throws(DocumentError) -> YAMLEvent {
        switch unsafe event.type {
        case YAML_SCALAR_EVENT: return try unsafe scalar(event, mark)
        case YAML_SEQUENCE_START_EVENT:
            try unsafe refuse(event.data.sequence_start.anchor, event.data.sequence_start.tag, mark)
            return .sequenceStart
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            try unsafe refuse(event.data.mapping_start.anchor, event.data.mapping_start.tag, mark)
            return .mappingStart
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_STREAM_END_EVENT: return .streamEnd
        default: throw DocumentError(at: mark, "aliases are not accepted; write the value out")
        }
    }

    private static func scalar(_ event: yaml_event_t, _ mark: DocumentMark) throws(DocumentError) -> YAMLEvent {
        let scalar = unsafe event.data.scalar
        try unsafe refuse(scalar.anchor, scalar.tag, mark)
        let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        guard let text = unsafe String(validating: bytes, as: UTF8.self) else {
            throw DocumentError(at: mark, "not UTF-8")
        }
        return .scalar(text, quoted: unsafe scalar.style != YAML_PLAIN_SCALAR_STYLE)
    }

    private static func refuse(
        _ anchor: UnsafeMutablePointer<UInt8>?, _ tag: UnsafeMutablePointer<UInt8>?, _ mark: DocumentMark
    ) throws(DocumentError) {
        guard unsafe anchor == nil, unsafe tag == nil else {
            throw DocumentError(at: mark, "anchors and tags are not accepted; write the value out")
        }
    }

    private static func fault(_ parser: yaml_parser_t) -> DocumentError {
        let place = unsafe parser.problem_mark
        let mark = DocumentMark(line: Int(clamping: place.line) + 1, column: Int(clamping: place.column) + 1)
        let problem = unsafe parser.problem.map { unsafe String(cString: $0) }
        return DocumentError(at: mark, problem ?? "not YAML")
    }
}
