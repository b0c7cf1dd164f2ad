import JSONText

extension JSONValue {
    /// Go's truth: false are what is not there, 0, and what is empty.
    var isTrue: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .number(let value): value != 0
        case .string(let text): !text.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object(let object): !object.members.isEmpty
        }
    }

    /// What an error calls the value.
    var kindWords: String {
        switch self {
        case .null: "a value that is not there"
        case .bool: "true or false"
        case .integer, .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "a map"
        }
    }

    /// Bytes of a text or number of elements, without what lies in these.
    var extent: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .array(let elements): elements.count
        case .object(let object): object.members.count
        default: 0
        }
    }

    /// Bytes and elements together, so that nesting a value in itself again and again has an end.
    func size() throws(TemplateProblem) -> Int {
        var left = Template.maximumOutput
        try take(from: &left, depth: 0)
        return Template.maximumOutput - left
    }

    private func take(from left: inout Int, depth: Int) throws(TemplateProblem) {
        left -= max(1, text?.utf8.count ?? 0)
        guard left >= 0 else {
            throw TemplateProblem(.limit, "a value is larger than \(Template.maximumOutput) bytes")
        }
        guard depth < Template.maximumDepth else {
            throw TemplateProblem(.limit, "a value is nested deeper than \(Template.maximumDepth)")
        }
        switch self {
        case .array(let elements): for element in elements { try element.take(from: &left, depth: depth + 1) }
        case .object(let object):
            for member in object.members {
                left -= member.name.utf8.count
                try member.value.take(from: &left, depth: depth + 1)
            }
        default: break
        }
    }
}

extension JSONObject {
    /// The members in Go's order, by the bytes of their names.
    var sorted: [Member] { members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } }
}

/// Puts values in order as Go does, and whole numbers beside others.
enum TemplateComparison {
    static func areEqual(_ one: JSONValue, _ other: JSONValue) throws(TemplateProblem) -> Bool {
        switch (one, other) {
        case (.null, .null): return true
        case (.null, _), (_, .null): return false
        case (.bool(let one), .bool(let other)): return one == other
        // Texts of the same look are different when their bytes are.
        case (.string(let one), .string(let other)): return one.utf8.elementsEqual(other.utf8)
        case (.integer(let one), .integer(let other)): return one == other
        default:
            guard let one = one.double, let other = other.double else { throw unlike(one, other) }
            return one == other
        }
    }

    static func isLess(_ one: JSONValue, _ other: JSONValue) throws(TemplateProblem) -> Bool {
        switch (one, other) {
        case (.string(let one), .string(let other)): return one.utf8.lexicographicallyPrecedes(other.utf8)
        case (.integer(let one), .integer(let other)): return one < other
        default:
            guard let one = one.double, let other = other.double else { throw unlike(one, other) }
            return one < other
        }
    }

    private static func unlike(_ one: JSONValue, _ other: JSONValue) -> TemplateProblem {
        TemplateProblem(.failed, "cannot compare \(one.kindWords) with \(other.kindWords)")
    }
}

extension JSONValue {
    fileprivate var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
