import JSONText

extension TemplateFunction {
    /// Looking for texts in texts.
    static let searches: [String: TemplateFunction] = [
        "contains": .init(2...2) { arguments throws(TemplateProblem) in
            .bool(ByteSearch.places(of: try arguments.bytes(0), in: try arguments.bytes(1), most: 1).count == 1)
        },
        "hasPrefix": .init(2...2) { arguments throws(TemplateProblem) in
            .bool(try arguments.bytes(1).starts(with: try arguments.bytes(0)))
        },
        "hasSuffix": .init(2...2) { arguments throws(TemplateProblem) in
            .bool(try arguments.bytes(1).reversed().starts(with: try arguments.bytes(0).reversed()))
        },
        "replace": .init(3...3) { arguments throws(TemplateProblem) in
            let (old, new) = (try arguments.bytes(0), try arguments.bytes(1))
            return .string(try ByteSearch.replace(old, by: new, in: try arguments.bytes(2)))
        },
        "splitList": .init(2...2) { arguments throws(TemplateProblem) in
            .array(try ByteSearch.split(try arguments.bytes(1), at: try arguments.bytes(0)).map(JSONValue.string))
        },
        "split": .init(2...2) { arguments throws(TemplateProblem) in
            let parts = try ByteSearch.split(try arguments.bytes(1), at: try arguments.bytes(0))
            guard parts.count <= TemplateMap.maximumParts else {
                throw TemplateProblem(.limit, "more than \(TemplateMap.maximumParts) parts; use splitList")
            }
            return .object(TemplateMap.made(parts.enumerated().map { ("_\($0)", .string($1)) }))
        },
    ]
}

/// Looks for bytes in bytes.
enum ByteSearch {
    /// Where the word begins, from left to right and not overlapping; an empty one is before every character and at the
    /// end.
    ///
    /// The time is that of one pass, whatever the word repeats (Knuth, Morris and Pratt 1977).
    static func places(of word: [UInt8], in bytes: [UInt8], most: Int = .max) -> [Int] {
        guard !word.isEmpty else {
            return Array((bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 } + [bytes.count]).prefix(most))
        }
        let borders = borders(of: word)
        var places: [Int] = []
        var matched = 0
        for (index, byte) in bytes.enumerated() where places.count < most {
            while matched > 0, word[matched] != byte { matched = borders[matched - 1] }
            if word[matched] == byte { matched += 1 }
            guard matched == word.count else { continue }
            places.append(index + 1 - matched)
            matched = 0
        }
        return places
    }

    /// For each beginning of the word: how much of its own beginning it ends with.
    private static func borders(of word: [UInt8]) -> [Int] {
        var borders = [0]
        for index in word.indices.dropFirst() {
            var length = borders[index - 1]
            while length > 0, word[length] != word[index] { length = borders[length - 1] }
            borders.append(word[length] == word[index] ? length + 1 : 0)
        }
        return borders
    }

    static func replace(_ old: [UInt8], by new: [UInt8], in bytes: [UInt8]) throws(TemplateProblem) -> String {
        var result: [UInt8] = []
        var start = 0
        for place in places(of: old, in: bytes) {
            result += bytes[start..<place]
            result += new
            start = place + old.count
            guard result.count <= Template.maximumOutput else {
                throw TemplateProblem(.limit, "the result is larger than \(Template.maximumOutput) bytes")
            }
        }
        return String(decoding: result + bytes[start...], as: UTF8.self)
    }

    /// The parts between the separators; an empty separator gives the characters.
    static func split(_ bytes: [UInt8], at separator: [UInt8]) throws(TemplateProblem) -> [String] {
        guard bytes.count <= Template.maximumOutput else {
            throw TemplateProblem(.limit, "a text is too long to split")
        }
        if separator.isEmpty {
            return String(decoding: bytes, as: UTF8.self).unicodeScalars.map { String(Character($0)) }
        }
        var parts: [String] = []
        var start = 0
        for place in places(of: separator, in: bytes) + [bytes.count] {
            parts.append(String(decoding: bytes[start..<place], as: UTF8.self))
            start = place + separator.count
        }
        return parts
    }
}
