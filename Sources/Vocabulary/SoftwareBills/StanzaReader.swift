/// Cuts a stream into stanzas of `Name: value` lines with empty lines between them, as dpkg and apk keep their lists.
///
/// Of a long line only the beginning is kept, and of a stanza only the fields that are wanted, so that what is hostile
/// needs no more memory than what is not.
struct StanzaReader: Sendable {
    /// Bytes of a line that count.
    static let lineLimit = 4_096

    private let wanted: Set<String>
    private var line: [UInt8] = []
    private var fields: [String: String] = [:]
    private var hasFields = false

    /// Begins a stream.
    ///
    /// - Parameter wanted: the names of fields to keep; the first value of a name counts.
    init(_ wanted: Set<String>) { self.wanted = wanted }

    /// Takes the next bytes.
    ///
    /// - Parameter stanza: gets each stanza when it ends, one without a wanted field as well.
    mutating func take(_ bytes: Span<UInt8>, stanza: ([String: String]) -> Void) {
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == 0x0A {
                endLine(stanza)
            } else if line.count < Self.lineLimit {
                line.append(byte)
            }
        }
    }

    /// Ends the stream; the last stanza needs no empty line.
    mutating func finish(stanza: ([String: String]) -> Void) {
        endLine(stanza)
        endStanza(stanza)
    }

    private mutating func endLine(_ stanza: ([String: String]) -> Void) {
        defer { line.removeAll(keepingCapacity: true) }
        if line.last == 0x0D { line.removeLast() }
        guard let first = line.first else { return endStanza(stanza) }
        hasFields = true
        // A line that goes on another one is of no field that anybody asks for.
        guard first != 0x20, first != 0x09, let colon = line.firstIndex(of: 0x3A) else { return }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        guard wanted.contains(name), fields[name] == nil else { return }
        fields[name] = Self.text(line[(colon + 1)...])
    }

    private mutating func endStanza(_ stanza: ([String: String]) -> Void) {
        guard hasFields else { return }
        stanza(fields)
        fields = [:]
        hasFields = false
    }

    /// The bytes as a text without control characters and without space at its ends.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        var text = bytes.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
        return String(
            String.UnicodeScalarView(scalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    }
}
