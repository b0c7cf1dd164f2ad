extension JSONValue {
    /// The deepest nesting accepted: far beyond any document of ours, far below the stack.
    package static let maximumDepth = 64

    /// Reads one JSON text (RFC 8259, UTF-8, no byte order mark).
    ///
    /// - Throws: `JSONError` with the place of the first fault: bad syntax, invalid UTF-8, a repeated name, nesting
    ///   beyond `maximumDepth`, or anything but white space after the value.
    package init(parsing bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }
}

/// Reads a JSON text from left to right; one instance reads one text.
struct JSONParser {
    let bytes: [UInt8]
    var position = 0
    var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The byte at the position, or nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    func fault(_ reason: String, at place: Int? = nil) -> JSONError {
        JSONError(at: place ?? position, of: bytes, reason)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        skipSpace()
        guard next == nil else { throw fault("unexpected data after the value") }
        return value
    }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try nested(Self.object)
        case UInt8(ascii: "["): return try nested(Self.array)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte): return try number()
        case nil: throw fault("unexpected end of text")
        default: throw fault("expected a value")
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        guard depth < JSONValue.maximumDepth else { throw fault("nested deeper than \(JSONValue.maximumDepth)") }
        depth += 1
        defer { depth -= 1 }
        position += 1
        return try body(&self)
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw fault("expected a value") }
        position += word.utf8.count
        return value
    }

    /// Takes the byte when it is next, after white space.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        position += 1
        return true
    }

    private static func array(_ parser: inout JSONParser) throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        if parser.take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try parser.value())
            if parser.take(UInt8(ascii: "]")) { return .array(elements) }
            guard parser.take(UInt8(ascii: ",")) else { throw parser.fault("expected ',' or ']'") }
        }
    }

    private static func object(_ parser: inout JSONParser) throws(JSONError) -> JSONValue {
        var object = JSONObject()
        // Searching the object itself would make a hostile document of some megabytes last for hours.
        var names: Set<String> = []
        if parser.take(UInt8(ascii: "}")) { return .object(object) }
        while true {
            let (name, value) = try parser.member()
            guard names.insert(name).inserted else { throw parser.fault("name '\(name)' is repeated") }
            object.append(name, value)
            if parser.take(UInt8(ascii: "}")) { return .object(object) }
            guard parser.take(UInt8(ascii: ",")) else { throw parser.fault("expected ',' or '}'") }
        }
    }

    private mutating func member() throws(JSONError) -> (String, JSONValue) {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw fault("expected a name in quotes") }
        let name = try string()
        guard take(UInt8(ascii: ":")) else { throw fault("expected ':'") }
        return (name, try value())
    }
}

/// Says what is wrong in a JSON text, and where.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Byte offset of the fault, from 0.
    package var offset: Int
    /// Line of the fault, from 1.
    package var line: Int
    /// Column of the fault in bytes, from 1.
    package var column: Int
    /// What was found or expected.
    package var reason: String

    /// One line: place and reason.
    package var description: String { "line \(line), column \(column): \(reason)" }

    /// Locates a fault at a byte offset of a text.
    package init(at offset: Int, of bytes: [UInt8], _ reason: String) {
        let before = bytes.prefix(max(0, offset))
        let lineStart = (before.lastIndex(of: 0x0A) ?? -1) + 1
        self.offset = offset
        self.line = before.count { $0 == 0x0A } + 1
        self.column = offset - lineStart + 1
        self.reason = reason
    }
}
