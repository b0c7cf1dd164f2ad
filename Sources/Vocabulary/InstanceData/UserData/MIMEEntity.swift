import ImageModel

/// The fields of a MIME entity that matter here, and where its body is (RFC 2045).
struct MIMEEntity {
    /// The media type in small letters; nil when none is given.
    private(set) var mediaType: String?
    /// The delimiter of a multipart body.
    private(set) var boundary: String?
    /// The transfer encoding in small letters.
    private(set) var encoding = "7bit"
    /// The file name that the sender gave.
    private(set) var fileName: String?
    /// What follows the empty line.
    private(set) var body: ArraySlice<UInt8>

    /// Reads a text that is a whole message, as user data; nil for any that does not say so in its header.
    init?(heading text: ArraySlice<UInt8>) {
        let trimmed = ByteLines.trimmed(text)
        guard let (fields, body) = Self.header(trimmed), fields.contains(where: { $0.name == "content-type" }) else {
            return nil
        }
        self.body = body
        take(fields)
        let isMultipart = mediaType?.hasPrefix("multipart/") == true
        guard isMultipart || fields.contains(where: { $0.name == "mime-version" }) else { return nil }
    }

    /// Reads one part of a body, which may have no header at all; nil for a header that is none.
    init?(part text: ArraySlice<UInt8>) {
        guard let (fields, body) = Self.header(text) else { return nil }
        self.body = body
        take(fields)
    }

    private mutating func take(_ fields: [Field]) {
        for field in fields {
            switch field.name {
            case "content-type":
                mediaType = MIMEField.word(field.value).asciiLowercased
                boundary = MIMEField.parameter("boundary", of: field.value)
                fileName = fileName ?? MIMEField.parameter("name", of: field.value)
            case "content-transfer-encoding": encoding = MIMEField.word(field.value).asciiLowercased
            case "content-disposition": fileName = MIMEField.parameter("filename", of: field.value) ?? fileName
            default: break
            }
        }
    }

    private typealias Field = (name: String, value: [UInt8])

    /// Splits a header, with its folded lines, from what follows it; nil when a line of it is no field.
    private static func header(_ text: ArraySlice<UInt8>) -> ([Field], ArraySlice<UInt8>)? {
        var fields: [Field] = []
        var lines = ByteLines(text)
        while let line = lines.next() {
            guard let first = line.first else { return (fields, text[lines.position...]) }
            if first == 0x20 || first == 0x09 {
                guard let last = fields.indices.last else { return nil }
                fields[last].value += [0x20] + line
                continue
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon != line.startIndex,
                line[..<colon].allSatisfy({ (0x21...0x7E).contains($0) })
            else { return nil }
            let name = String(decoding: line[..<colon].map(\.asciiLowercased), as: UTF8.self)
            fields.append((name, Array(line[(colon + 1)...])))
        }
        return (fields, text[text.endIndex...])
    }

    /// The body without its transfer encoding; nil when it is none of the known ones, or damaged.
    var decodedBody: [UInt8]? {
        switch encoding {
        case "", "7bit", "8bit", "binary": Array(body)
        case "base64": Base64.decode(body.filter { !ByteLines.isSpace($0) })
        case "quoted-printable": QuotedPrintable.decode(body)
        default: nil
        }
    }
}
