/// Reads values of header fields: a word, then parameters behind semicolons (RFC 2045, section 5.1).
enum MIMEField {
    private static let semicolon = UInt8(ascii: ";"), quote = UInt8(ascii: "\""), backslash = UInt8(ascii: "\\")

    /// The word before the first semicolon.
    static func word(_ value: [UInt8]) -> String {
        String(decoding: ByteLines.trimmed(value.prefix { $0 != semicolon }), as: UTF8.self)
    }

    /// The value of a parameter, without quotes; nil when there is none of that name.
    static func parameter(_ name: String, of value: [UInt8]) -> String? {
        for piece in pieces(value).dropFirst() {
            guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let key = ByteLines.trimmed(piece[..<equals]).map(\.asciiLowercased)
            guard key.elementsEqual(name.utf8) else { continue }
            return String(decoding: unquoted(ByteLines.trimmed(piece[(equals + 1)...])), as: UTF8.self)
        }
        return nil
    }

    /// Splits at semicolons that are not in quotes.
    private static func pieces(_ value: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        var isQuoted = false
        var isEscaped = false
        for (index, byte) in value.enumerated() {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, byte == backslash {
                isEscaped = true
            } else if byte == quote {
                isQuoted.toggle()
            } else if byte == semicolon, !isQuoted {
                pieces.append(value[start..<index])
                start = index + 1
            }
        }
        return pieces + [value[start...]]
    }

    private static func unquoted(_ text: ArraySlice<UInt8>) -> [UInt8] {
        guard text.first == quote else { return Array(text) }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in text.dropFirst() {
            if isEscaped || (byte != backslash && byte != quote) {
                bytes.append(byte)
                isEscaped = false
            } else if byte == backslash {
                isEscaped = true
            } else {
                break
            }
        }
        return bytes
    }
}

/// Reads the transfer encoding `quoted-printable` (RFC 2045, section 6.7).
enum QuotedPrintable {
    /// Gives the bytes; nil when two digits do not follow an equals sign.
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var lines = ByteLines(text)
        while let line = lines.next() {
            let hasEnd = lines.position > line.endIndex
            var rest = line
            while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
            let isSoft = rest.last == UInt8(ascii: "=")
            if isSoft { rest.removeLast() }
            guard let decoded = decode(line: rest) else { return nil }
            bytes += decoded
            if hasEnd, !isSoft { bytes.append(0x0A) }
        }
        return bytes
    }

    private static func decode(line: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = line
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            guard digits.count == 2, rest.count >= 2 else { return nil }
            bytes.append(UInt8(digits[0] << 4 | digits[1]))
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
