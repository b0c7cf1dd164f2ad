extension ShellLexer {
    /// Reads a word up to a blank or an operator; it must have at least one byte or quote.
    mutating func word() throws(ShellOnly) -> ShellWord {
        var text: [UInt8] = []
        var isQuoted = false
        let start = position
        while let byte = next, !Self.endsWord(byte) {
            position += 1
            switch byte {
            case UInt8(ascii: "'"): text += try singleQuoted()
            case UInt8(ascii: "\""): text += try doubleQuoted()
            case UInt8(ascii: "\\"):
                guard let escaped = next else { throw ShellOnly() }
                position += 1
                if escaped == 0x0A { continue }
                text.append(escaped)
            default:
                try checkPlain(byte, isFirst: text.isEmpty && !isQuoted)
                text.append(byte)
                continue
            }
            isQuoted = true
        }
        guard position > start, isQuoted || !text.isEmpty else { throw ShellOnly() }
        return ShellWord(text: String(decoding: text, as: UTF8.self), isQuoted: isQuoted)
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"):
            true
        default: false
        }
    }

    /// Refuses what a shell expands, and what is a word of its own but for its neighbours.
    private func checkPlain(_ byte: UInt8, isFirst: Bool) throws(ShellOnly) {
        switch byte {
        case UInt8(ascii: "$"), UInt8(ascii: "`"), UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "~"):
            throw ShellOnly()
        case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "}"):
            guard isFirst, isAlone(orBefore: byte == UInt8(ascii: "}")) else { throw ShellOnly() }
        case UInt8(ascii: "!"):
            // `!(` is a pattern of bash.
            guard next != UInt8(ascii: "(") else { throw ShellOnly() }
        case UInt8(ascii: "#"):
            guard !isFirst else { throw ShellOnly() }
        default: break
        }
    }

    /// Whether a blank or the end follows, or an operator where it may.
    private func isAlone(orBefore operatorMayFollow: Bool) -> Bool {
        guard let byte = next else { return true }
        return byte == 0x20 || byte == 0x09 || byte == 0x0A || operatorMayFollow && Self.endsWord(byte)
    }

    private mutating func singleQuoted() throws(ShellOnly) -> ArraySlice<UInt8> {
        let start = position
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "'")) else { throw ShellOnly() }
        position = end + 1
        return bytes[start..<end]
    }

    private mutating func doubleQuoted() throws(ShellOnly) -> [UInt8] {
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "$"), UInt8(ascii: "`"): throw ShellOnly()
            case UInt8(ascii: "\\"): text += try escapedInQuotes()
            default: text.append(byte)
            }
        }
        throw ShellOnly()
    }

    /// What a backslash and the byte after it mean: only five bytes lose it.
    private mutating func escapedInQuotes() throws(ShellOnly) -> [UInt8] {
        guard let byte = next else { throw ShellOnly() }
        position += 1
        switch byte {
        case 0x0A: return []
        case UInt8(ascii: "$"), UInt8(ascii: "`"), UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
        default: return [UInt8(ascii: "\\"), byte]
        }
    }
}
