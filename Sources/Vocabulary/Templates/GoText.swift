import JSONText

/// Writes values as Go's fmt package does.
struct GoText {
    private var bytes: [UInt8] = []

    /// Writes as `%v`; null is `<nil>`.
    static func plain(_ value: JSONValue) throws(TemplateProblem) -> [UInt8] {
        try all(value) { value, _ in scalar(value) }
    }

    /// Writes the value, or each value inside of it, with the same function; lists as `[a b]`, maps as `map[k:v]`.
    ///
    /// - Parameter write: its second argument says whether the value is a name of a map.
    static func all(
        _ value: JSONValue, _ write: (JSONValue, Bool) throws(TemplateProblem) -> String
    ) throws(TemplateProblem) -> [UInt8] {
        var text = GoText()
        try text.add(value, depth: 0, write)
        return text.bytes
    }

    static func string(_ value: JSONValue) throws(TemplateProblem) -> String {
        if case .string(let text) = value { return text }
        return String(decoding: try plain(value), as: UTF8.self)
    }

    private mutating func add(
        _ value: JSONValue, depth: Int, _ write: (JSONValue, Bool) throws(TemplateProblem) -> String
    ) throws(TemplateProblem) {
        guard depth < Template.maximumDepth, bytes.count <= Template.maximumOutput else {
            throw TemplateProblem(.limit, "a value is too large or too deep to be written")
        }
        switch value {
        case .array(let elements):
            bytes += "[".utf8
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes += " ".utf8 }
                try add(element, depth: depth + 1, write)
            }
            bytes += "]".utf8
        case .object(let object):
            bytes += "map[".utf8
            for (index, member) in object.sorted.enumerated() {
                bytes += (index > 0 ? " " : "").utf8
                bytes += (try write(.string(member.name), true) + ":").utf8
                try add(member.value, depth: depth + 1, write)
            }
            bytes += "]".utf8
        default: bytes += try write(value, false).utf8
        }
    }

    private static func scalar(_ value: JSONValue) -> String {
        switch value {
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): number(value)
        case .string(let text): text
        default: "<nil>"
        }
    }

    /// Writes as `%v`: the fewest digits that tell the number from its neighbours, with an exponent outside of
    /// -4 to 5 (strconv's `g` of the shortest form).
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf" }
        let parts = value.magnitude.description.split(separator: "e")
        let mantissa = (parts.first ?? "0").split(separator: ".")
        let whole = mantissa.first.map(String.init) ?? "0"
        let fraction = mantissa.count > 1 && mantissa[1] != "0" ? String(mantissa[1]) : ""
        var digits = Array((whole + fraction).utf8)
        var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + whole.utf8.count - 1
        while digits.count > 1, digits.first == 0x30 {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
        if digits == [0x30] { exponent = 0 }
        return (value.sign == .minus ? "-" : "") + placed(digits, exponent)
    }

    /// Puts the point behind the first digit moved by the exponent.
    private static func placed(_ digits: [UInt8], _ exponent: Int) -> String {
        let text: (ArraySlice<UInt8>) -> String = { String(decoding: $0, as: UTF8.self) }
        if exponent < -4 || exponent >= 6 {
            let fraction = digits.count > 1 ? "." + text(digits.dropFirst()) : ""
            let size = String(exponent.magnitude)
            let padded = size.utf8.count < 2 ? "0" + size : size
            return text(digits.prefix(1)) + fraction + "e" + (exponent < 0 ? "-" : "+") + padded
        }
        if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + text(digits[...]) }
        let missing = exponent + 1 - digits.count
        if missing >= 0 { return text(digits[...]) + String(repeating: "0", count: missing) }
        return text(digits.prefix(exponent + 1)) + "." + text(digits.dropFirst(exponent + 1))
    }

    /// Writes as `%q`.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(Character(scalar))
            case "\u{07}": quoted += "\\a"
            case "\u{08}": quoted += "\\b"
            case "\u{0C}": quoted += "\\f"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\u{0B}": quoted += "\\v"
            case _ where TemplateCharacters.isPrintable(scalar): quoted.unicodeScalars.append(scalar)
            default: quoted += escape(scalar)
            }
        }
        return quoted + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let (letter, length) = scalar.value < 0x80 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        return "\\" + letter + String(repeating: "0", count: max(0, length - digits.utf8.count)) + digits
    }
}
