extension JSONParser {
    /// Reads a number; without fraction and exponent and within 64 bits it is an integer.
    mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        let whole = digits()
        guard whole > 0 else { throw fault("expected a digit") }
        guard whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else {
            throw fault("a number must not begin with 0", at: start)
        }
        let isInteger = try !fraction()
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw fault("number out of range", at: start) }
        return .number(value)
    }

    /// Takes digits and says how many.
    private mutating func digits() -> Int {
        let start = position
        while let byte = next, Self.isDigit(byte) { position += 1 }
        return position - start
    }

    /// Takes fraction and exponent and says whether there was either.
    private mutating func fraction() throws(JSONError) -> Bool {
        let start = position
        if next == UInt8(ascii: ".") {
            position += 1
            guard digits() > 0 else { throw fault("expected a digit after '.'") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw fault("expected a digit in the exponent") }
        }
        return position > start
    }

    /// Reads a string in quotes.
    mutating func string() throws(JSONError) -> String {
        let start = position
        var unescaped: [UInt8] = []
        position += 1
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: unescaped, as: UTF8.self) else {
                    throw fault("string is not UTF-8", at: start)
                }
                return text
            case UInt8(ascii: "\\"): unescaped += try escape()
            case 0..<0x20: throw fault("control character in a string", at: position - 1)
            default: unescaped.append(byte)
            }
        }
        throw fault("string has no end", at: start)
    }

    /// Reads what follows a backslash.
    private mutating func escape() throws(JSONError) -> [UInt8] {
        guard let byte = next else { throw fault("string has no end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try scalar()
        default: throw fault("unknown escape", at: position - 1)
        }
    }

    /// Reads the four digits after `\u`, with the second half of a surrogate pair when the first asks for it.
    private mutating func scalar() throws(JSONError) -> [UInt8] {
        let start = position
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code) {
            guard bytes[position...].starts(with: "\\u".utf8) else { throw fault("half a surrogate pair", at: start) }
            position += 2
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw fault("half a surrogate pair", at: start) }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair", at: start) }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, !digits.contains(UInt8(ascii: "+")), !digits.contains(UInt8(ascii: "-")),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault("expected four hexadecimal digits") }
        position += 4
        return value
    }
}
