import JSONText

extension TemplateFunction {
    /// Changing texts.
    static let texts: [String: TemplateFunction] = [
        "trunc": .init(2...2) { arguments throws(TemplateProblem) in
            let (count, text) = (try arguments.integer(0), try arguments.bytes(1))
            if count < 0 { return .string(TextCut.whole(text.suffix(Int(min(count.magnitude, 1 << 20))))) }
            return .string(TextCut.whole(text.prefix(count)))
        },
        "substr": .init(3...3) { arguments throws(TemplateProblem) in
            .string(try TextCut.part(try arguments.bytes(2), try arguments.integer(0), try arguments.integer(1)))
        },
        "upper": .init(1...1) { arguments throws(TemplateProblem) in
            .string(TextCase.map(try arguments.text(0), \.uppercaseMapping))
        },
        "lower": .init(1...1) { arguments throws(TemplateProblem) in
            .string(TextCase.map(try arguments.text(0), \.lowercaseMapping))
        },
        "title": .init(1...1) { arguments throws(TemplateProblem) in .string(TextCase.title(try arguments.text(0))) },
        "trim": .init(1...1) { arguments throws(TemplateProblem) in
            .string(TextCut.trim(try arguments.text(0)) { $0.properties.isWhitespace })
        },
        "trimAll": .init(2...2) { arguments throws(TemplateProblem) in
            let set = Set(try arguments.text(0).unicodeScalars)
            return .string(TextCut.trim(try arguments.text(1), where: set.contains))
        },
        "trimPrefix": .init(2...2) { arguments throws(TemplateProblem) in
            let (prefix, text) = (try arguments.bytes(0), try arguments.bytes(1))
            let rest = text.starts(with: prefix) ? text.dropFirst(prefix.count) : text[...]
            return .string(String(decoding: rest, as: UTF8.self))
        },
        "trimSuffix": .init(2...2) { arguments throws(TemplateProblem) in
            let (suffix, text) = (try arguments.bytes(0), try arguments.bytes(1))
            let rest = text.reversed().starts(with: suffix.reversed()) ? text.dropLast(suffix.count) : text[...]
            return .string(String(decoding: rest, as: UTF8.self))
        },
        "repeat": .init(2...2) { arguments throws(TemplateProblem) in
            let (count, text) = (try arguments.count(0), try arguments.text(1))
            guard count * text.utf8.count <= Template.maximumOutput else {
                throw TemplateProblem(.limit, "the result is larger than \(Template.maximumOutput) bytes")
            }
            return .string(text.isEmpty ? "" : String(repeating: text, count: count))
        },
        "quote": .init(0...many) { arguments throws(TemplateProblem) in
            var words: [String] = []
            for value in arguments.values where value != .null { words.append(GoText.quoted(try GoText.string(value))) }
            return .string(words.joined(separator: " "))
        },
        "squote": .init(0...many) { arguments throws(TemplateProblem) in
            var words: [String] = []
            for value in arguments.values where value != .null { words.append("'\(try GoText.string(value))'") }
            return .string(words.joined(separator: " "))
        },
    ]
}

/// Cuts texts without breaking a character.
enum TextCut {
    /// Drops what is left of a character at either end.
    static func whole(_ bytes: ArraySlice<UInt8>) -> String {
        var part = bytes
        while let first = part.first, first & 0xC0 == 0x80 { part.removeFirst() }
        for length in 0...3 where length <= part.count {
            if let text = String(validating: part.dropLast(length), as: UTF8.self) { return text }
        }
        return ""
    }

    /// The bytes from one index up to another; a negative end is the last.
    static func part(_ bytes: [UInt8], _ start: Int, _ end: Int) throws(TemplateProblem) -> String {
        let last = start >= 0 && (end < 0 || end > bytes.count) ? bytes.count : end
        let first = max(0, start)
        guard first <= last, last <= bytes.count else {
            throw TemplateProblem(.failed, "the text has \(bytes.count) bytes, not those from \(start) to \(end)")
        }
        return whole(bytes[first..<last])
    }

    static func trim(_ text: String, where isCut: (Unicode.Scalar) -> Bool) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, isCut(first) { scalars.removeFirst() }
        while let last = scalars.last, isCut(last) { scalars.removeLast() }
        return String(scalars)
    }
}

/// Changes the case of texts, character by character as Go does: ß stays ß.
enum TextCase {
    static func map(_ text: String, _ mapping: (Unicode.Scalar.Properties) -> String) -> String {
        var mapped = ""
        for scalar in text.unicodeScalars { mapped += one(scalar, mapping) }
        return mapped
    }

    /// Makes the first letter of each word a capital one.
    static func title(_ text: String) -> String {
        var titled = ""
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            titled += isSeparator(previous) ? one(scalar, \.titlecaseMapping) : String(Character(scalar))
            previous = scalar
        }
        return titled
    }

    private static func one(_ scalar: Unicode.Scalar, _ mapping: (Unicode.Scalar.Properties) -> String) -> String {
        let mapped = mapping(scalar.properties)
        return mapped.unicodeScalars.count == 1 ? mapped : String(Character(scalar))
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        if TemplateCharacters.isWordPart(scalar) { return false }
        return scalar.isASCII || scalar.properties.isWhitespace
    }
}
