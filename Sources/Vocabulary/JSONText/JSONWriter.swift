extension JSONValue {
    /// Writes the value as UTF-8 text in the order it holds, without a final line feed.
    ///
    /// - Parameter indented: two spaces a level and a line a member, for people; else no white space at all.
    package func serialized(indented: Bool = false) -> [UInt8] {
        var text = ""
        write(to: &text, level: 0, indented: indented)
        return Array(text.utf8)
    }

    private func write(to text: inout String, level: Int, indented: Bool) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? String(value) : "null"
        case .string(let value): Self.write(value, to: &text)
        case .array(let elements):
            Self.write("[", "]", elements, to: &text, level: level, indented: indented) { element, text in
                element.write(to: &text, level: level + 1, indented: indented)
            }
        case .object(let object):
            Self.write("{", "}", object.members, to: &text, level: level, indented: indented) { member, text in
                Self.write(member.name, to: &text)
                text += indented ? ": " : ":"
                member.value.write(to: &text, level: level + 1, indented: indented)
            }
        }
    }

    private static func write<Element>(
        _ open: String, _ close: String, _ elements: [Element], to text: inout String, level: Int, indented: Bool,
        element write: (Element, inout String) -> Void
    ) {
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if indented { text += "\n" + String(repeating: "  ", count: level + 1) }
            write(element, &text)
        }
        if indented, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: level) }
        text += close
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        defer { text += "\"" }
        // Nearly every string is as it is, and is appended at once then: an index has a hundred thousand.
        guard string.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            text += string
            return
        }
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
