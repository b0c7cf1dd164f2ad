import JSONText

extension TemplateFunction {
    /// Making lists and maps, and taking things out of them.
    static let collections: [String: TemplateFunction] = [
        "len": .init(1...1) { arguments throws(TemplateProblem) in
            switch arguments[0] {
            case .string(let text): return .integer(Int64(text.utf8.count))
            case .array(let elements): return .integer(Int64(elements.count))
            case .object(let object): return .integer(Int64(object.members.count))
            default: throw TemplateProblem(.failed, "\(arguments[0].kindWords) has no length")
            }
        },
        "index": .init(1...many) { arguments throws(TemplateProblem) in
            var value = arguments[0]
            guard value != .null else { throw TemplateProblem(.failed, "the value is not there") }
            for place in 1..<max(1, arguments.values.count) {
                value = try TemplateMap.element(of: value, arguments, place)
            }
            return value
        },
        "list": .init(0...many) { arguments in .array(arguments.values) },
        "first": .init(1...1) { arguments throws(TemplateProblem) in try arguments.list(0).first ?? .null },
        "last": .init(1...1) { arguments throws(TemplateProblem) in try arguments.list(0).last ?? .null },
        "join": .init(2...2) { arguments throws(TemplateProblem) in
            let separator = try arguments.text(0)
            guard case .array(let elements) = arguments[1] else {
                return .string(arguments[1] == .null ? "" : try GoText.string(arguments[1]))
            }
            var words: [String] = []
            for element in elements where element != .null { words.append(try GoText.string(element)) }
            let size = words.reduce(separator.utf8.count * words.count) { $0 + $1.utf8.count }
            guard size <= Template.maximumText else { throw TemplateProblem(.limit, "the result is too large") }
            return .string(words.joined(separator: separator))
        },
        "dict": .init(0...many) { arguments throws(TemplateProblem) in
            var members: [(String, JSONValue)] = []
            for index in stride(from: 0, to: arguments.values.count, by: 2) {
                let value = index + 1 < arguments.values.count ? arguments[index + 1] : ""
                members.append((try GoText.string(arguments[index]), value))
            }
            return .object(TemplateMap.made(members))
        },
        "get": .init(2...2) { arguments throws(TemplateProblem) in
            try arguments.object(0)[try arguments.text(1)] ?? ""
        },
        "hasKey": .init(2...2) { arguments throws(TemplateProblem) in
            .bool(try arguments.object(0)[try arguments.text(1)] != nil)
        },
    ]
}

/// Makes maps and looks into values.
enum TemplateMap {
    /// The most members that `split` makes; a map is searched from its begin for each.
    static let maximumParts = 1_000

    /// Makes a map, in which the last value of a name counts.
    static func made(_ members: [(String, JSONValue)]) -> JSONObject {
        JSONObject(members.map { JSONObject.Member($0.0, $0.1) })
    }

    static func element(
        of value: JSONValue, _ arguments: TemplateArguments, _ place: Int
    ) throws(TemplateProblem) -> JSONValue {
        switch value {
        case .object(let object): return object[try arguments.text(place)] ?? .null
        case .array(let elements):
            let index = try arguments.integer(place)
            guard elements.indices.contains(index) else { throw outOfRange(index) }
            return elements[index]
        case .string(let text):
            let (bytes, index) = (Array(text.utf8), try arguments.integer(place))
            guard bytes.indices.contains(index) else { throw outOfRange(index) }
            return .integer(Int64(bytes[index]))
        default: throw TemplateProblem(.failed, "\(value.kindWords) has no elements")
        }
    }

    private static func outOfRange(_ index: Int) -> TemplateProblem {
        TemplateProblem(.failed, "there is no element \(index)")
    }
}
