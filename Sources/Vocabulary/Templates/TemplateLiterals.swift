import JSONText

/// Reads numbers as Go's source has them.
enum TemplateNumber {
    static func value(of text: ArraySlice<UInt8>, at offset: Int) throws(TemplateProblem) -> JSONValue {
        let words = String(decoding: text, as: UTF8.self)
        let problem = TemplateProblem(.foreign, "'\(words)' is no number", at: offset)
        if text.last == UInt8(ascii: "i") {
            throw TemplateProblem(.unsupported, "imaginary numbers are not supported", at: offset)
        }
        guard let plain = withoutUnderscores(words) else { throw problem }
        if let integer = integer(plain) { return .integer(integer) }
        guard let number = float(plain) else { throw problem }
        return .number(number)
    }

    /// Reads an integer with Go's prefixes: `0x`, `0o`, `0b`, and `0` alone for octal.
    static func integer(_ text: String) -> Int64? {
        let sign = text.hasPrefix("-") ? "-" : ""
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard let first = digits.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
        let lower = digits.lowercased()
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where lower.hasPrefix(prefix) {
            guard lower.dropFirst(2).utf8.first.map({ $0 != 0x2B && $0 != 0x2D }) == true else { return nil }
            return Int64(sign + lower.dropFirst(2), radix: radix)
        }
        return Int64(sign + lower, radix: lower.utf8.count > 1 && first == UInt8(ascii: "0") ? 8 : 10)
    }

    /// Reads a number with point or exponent; hexadecimal ones need the exponent.
    private static func float(_ text: String) -> Double? {
        let lower = text.lowercased()
        let isHexadecimal = lower.utf8.contains(UInt8(ascii: "x"))
        let marks: [UInt8] = isHexadecimal ? [UInt8(ascii: "p")] : [UInt8(ascii: "."), UInt8(ascii: "e")]
        guard lower.utf8.contains(where: marks.contains), let value = Double(completed(lower)), value.isFinite
        else { return nil }
        return value
    }

    /// Gives a point digits on both sides.
    private static func completed(_ text: String) -> String {
        var bytes = Array(text.utf8)
        guard let point = bytes.firstIndex(of: UInt8(ascii: ".")) else { return text }
        let isDigit: (Int) -> Bool = { $0 >= 0 && $0 < bytes.count && (0x30...0x39).contains(bytes[$0]) }
        let (before, after) = (isDigit(point - 1), isDigit(point + 1))
        guard before || after, !text.utf8.contains(UInt8(ascii: "x")) else { return text }
        if !after { bytes.insert(0x30, at: point + 1) }
        if !before { bytes.insert(0x30, at: point) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Takes out underscores between digits; nil when one stands elsewhere or the number has no prefix or digit for it.
    private static func withoutUnderscores(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        let isPart: (Int) -> Bool = { index in
            index >= 0 && index < bytes.count && Unicode.Scalar(bytes[index]).properties.isAlphabetic
                || index >= 0 && index < bytes.count && (0x30...0x39).contains(bytes[index])
        }
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "_") {
            guard isPart(index - 1), isPart(index + 1) else { return nil }
        }
        return String(decoding: bytes.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    }
}

/// Reads Go's quoted texts and characters.
enum TemplateQuote {
    static func value(
        of inner: ArraySlice<UInt8>, quote: UInt8, at offset: Int
    ) throws(TemplateProblem) -> JSONValue {
        var reader = TemplateEscapes(rest: inner, quote: quote)
        guard let bytes = reader.all() else {
            throw TemplateProblem(.foreign, "a quoted text has an escape that Go does not have", at: offset)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TemplateProblem(.unsupported, "a quoted text is not UTF-8", at: offset)
        }
        guard quote == UInt8(ascii: "'") else { return .string(text) }
        guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else {
            throw TemplateProblem(
                .foreign, "single quotes hold one character; write a text in double quotes", at: offset)
        }
        return .integer(Int64(scalar.value))
    }
}

/// Undoes the backslashes of one quoted text.
private struct TemplateEscapes {
    var rest: ArraySlice<UInt8>
    let quote: UInt8

    mutating func all() -> [UInt8]? {
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            guard let escaped = escape() else { return nil }
            bytes += escaped
        }
        return bytes
    }

    private mutating func escape() -> [UInt8]? {
        guard let byte = rest.popFirst() else { return nil }
        switch byte {
        case UInt8(ascii: "a"): return [0x07]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "v"): return [0x0B]
        case UInt8(ascii: "\\"), quote: return [byte]
        case UInt8(ascii: "x"): return code(2, radix: 16).map { [UInt8(truncatingIfNeeded: $0)] }
        case UInt8(ascii: "u"): return code(4, radix: 16).flatMap(Self.encoded)
        case UInt8(ascii: "U"): return code(8, radix: 16).flatMap(Self.encoded)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            rest = rest.isEmpty ? [byte] : [byte] + rest
            return code(3, radix: 8).flatMap { UInt8(exactly: $0) }.map { [$0] }
        default: return nil
        }
    }

    private static func encoded(_ code: UInt32) -> [UInt8]? {
        Unicode.Scalar(code).map { Array(String(Character($0)).utf8) }
    }

    private mutating func code(_ length: Int, radix: Int) -> UInt32? {
        let digits = rest.prefix(length)
        guard digits.count == length, digits.allSatisfy({ $0 != 0x2B && $0 != 0x2D }) else { return nil }
        rest = rest.dropFirst(length)
        return UInt32(String(decoding: digits, as: UTF8.self), radix: radix)
    }
}
