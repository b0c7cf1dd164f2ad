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
    /// The value that an anchor of this name was put before.
    case alias(String)
}

/// What stands before a value besides white space.
struct YAMLProperties {
    /// The name of an anchor.
    var anchor: String?
    /// The tag, its handle resolved.
    var tag: String?

    /// Nothing.
    static let none = YAMLProperties()
    var isEmpty: Bool { anchor == nil && tag == nil }
}

/// An event, what stands before it, and where it begins.
struct YAMLToken {
    let event: YAMLEvent
    let properties: YAMLProperties
    let mark: DocumentMark
}
