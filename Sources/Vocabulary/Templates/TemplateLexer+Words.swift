import JSONText

extension TemplateLexer {
    /// Takes one token inside of an action.
    mutating func word() throws(TemplateProblem) {
        guard let byte = byte(at: position) else { throw foreign("the braces of an action are not closed") }
        let start = position
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: try spaces()
        case UInt8(ascii: ":"):
            guard isAt(":=", position) else { throw foreign("expected :=") }
            try mark(.declare, 2)
        case UInt8(ascii: "="): try mark(.assign, 1)
        case UInt8(ascii: "|"): try mark(.pipe, 1)
        case UInt8(ascii: ","): try mark(.comma, 1)
        case UInt8(ascii: "("): try mark(.openParenthesis, 1)
        case UInt8(ascii: ")"): try mark(.closeParenthesis, 1)
        case UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "'"): try add(.literal(try quoted()), at: start)
        case UInt8(ascii: "$"): try name(TemplateToken.Kind.variable)
        case UInt8(ascii: ".") where !isDigit(at: position + 1): try name(TemplateToken.Kind.field)
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): try add(.literal(try number()), at: start)
        case _ where isDigit(at: position): try add(.literal(try number()), at: start)
        default: try identifier()
        }
    }

    private mutating func mark(_ kind: TemplateToken.Kind, _ length: Int) throws(TemplateProblem) {
        try add(kind, at: position)
        position += length
    }

    private func isDigit(at index: Int) -> Bool {
        byte(at: index).map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } == true
    }

    /// The character at the position, with its length in bytes.
    private var scalar: (Unicode.Scalar, Int)? {
        guard let first = byte(at: position) else { return nil }
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        let text = String(decoding: bytes[position..<min(position + length, bytes.count)], as: UTF8.self)
        return text.unicodeScalars.first.map { ($0, length) }
    }

    private mutating func letters() -> String {
        let start = position
        while let (scalar, length) = scalar, TemplateCharacters.isWordPart(scalar) { position += length }
        return String(decoding: bytes[start..<min(position, bytes.count)], as: UTF8.self)
    }

    /// Whether a name may end here: `$x+2` is wrong, so that Go can learn arithmetic one day.
    private func expectNameEnd() throws(TemplateProblem) {
        guard let byte = byte(at: position), closing == nil else { return }
        guard " \t\r\n.,|:()".utf8.contains(byte) else { throw foreign("unexpected character in a name") }
    }

    private mutating func name(_ kind: (String) -> TemplateToken.Kind) throws(TemplateProblem) {
        let start = position
        position += 1
        let name = letters()
        try expectNameEnd()
        let isField = byte(at: start) == UInt8(ascii: ".")
        try add(isField && name.isEmpty ? .dot : kind(name), at: start)
    }

    private mutating func identifier() throws(TemplateProblem) {
        let start = position
        let word = letters()
        guard !word.isEmpty else { throw foreign("unexpected character in an action") }
        try expectNameEnd()
        switch word {
        case "true", "false": try add(.literal(.bool(word == "true")), at: start)
        default: try add(.word(word), at: start)
        }
    }

    private mutating func number() throws(TemplateProblem) -> JSONValue {
        let start = position
        position += 1
        while let byte = byte(at: position) {
            let previous = self.byte(at: position - 1).map { $0 | 0x20 }
            let isHexadecimal = isAt("0x", start) || isAt("0X", start) || isAt("x", start + 2) || isAt("X", start + 2)
            let exponent = isHexadecimal ? UInt8(ascii: "p") : UInt8(ascii: "e")
            let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            guard isSign && previous == exponent || Self.isNumberPart(byte) else { break }
            position += 1
        }
        return try TemplateNumber.value(of: bytes[start..<position], at: start)
    }

    private static func isNumberPart(_ byte: UInt8) -> Bool {
        let scalar = Unicode.Scalar(byte)
        return byte < 0x80 && (TemplateCharacters.isWordPart(scalar) || scalar == ".")
    }

    private mutating func quoted() throws(TemplateProblem) -> JSONValue {
        let start = position
        let quote = bytes[start]
        let isRaw = quote == UInt8(ascii: "`")
        position += 1
        while let byte = byte(at: position), byte != quote {
            guard isRaw || byte != 0x0A else { break }
            position += byte == UInt8(ascii: "\\") && !isRaw ? 2 : 1
        }
        guard byte(at: position) == quote else { throw foreign("a quote is not closed", at: start) }
        position += 1
        let inner = bytes[(start + 1)..<(position - 1)]
        if isRaw { return .string(String(decoding: inner.filter { $0 != 0x0D }, as: UTF8.self)) }
        return try TemplateQuote.value(of: inner, quote: quote, at: start)
    }
}
