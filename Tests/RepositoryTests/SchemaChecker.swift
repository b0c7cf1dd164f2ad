import JSONText
import Testing

/// Checks values by a JSON Schema, as far as ours go; a keyword that it does not know is an issue of the test.
struct SchemaChecker {
    private static let remarks: Set = ["$schema", "title", "description", "default"]

    /// Whether a value is valid.
    func accepts(_ value: JSONValue, _ schema: JSONValue) throws -> Bool {
        for member in schema.object?.members ?? [] where !Self.remarks.contains(member.name) {
            guard try holds(member.name, member.value, value, schema) else { return false }
        }
        return schema != false
    }

    private func holds(
        _ keyword: String, _ argument: JSONValue, _ value: JSONValue, _ schema: JSONValue
    ) throws -> Bool {
        switch keyword {
        case "type": return Self.types(of: value).contains { (argument.elements ?? [argument]).contains(.string($0)) }
        case "enum": return argument.elements?.contains(value) == true
        case "minimum": return try value.integer.map { $0 >= (try #require(argument.integer)) } ?? true
        case "maximum": return try value.integer.map { $0 <= (try #require(argument.integer)) } ?? true
        case "minLength": return try value.text.map { Int64($0.count) >= (try #require(argument.integer)) } ?? true
        case "pattern":
            let pattern = try Regex(try #require(argument.text))
            return value.text.map { $0.firstMatch(of: pattern) != nil } ?? true
        case "required":
            let names = try #require(argument.elements).compactMap(\.text)
            return value.object.map { object in names.allSatisfy { object[$0] != nil } } ?? true
        case "anyOf":
            return try argument.elements?.contains { try accepts(value, $0) } == true
        case "items": return try value.elements?.allSatisfy { try accepts($0, argument) } ?? true
        default: return try (value.object?.members ?? []).allSatisfy { try holds(keyword, argument, $0, schema) }
        }
    }

    /// The keywords about members of objects.
    private func holds(
        _ keyword: String, _ argument: JSONValue, _ member: JSONObject.Member, _ schema: JSONValue
    ) throws -> Bool {
        switch keyword {
        case "properties": return try argument[member.name].map { try accepts(member.value, $0) } ?? true
        case "propertyNames": return try accepts(.string(member.name), argument)
        case "additionalProperties":
            return try schema["properties"]?[member.name] != nil || accepts(member.value, argument)
        default:
            Issue.record("unknown keyword \(keyword)")
            return false
        }
    }

    private static func types(of value: JSONValue) -> [String] {
        switch value {
        case .null: ["null"]
        case .bool: ["boolean"]
        case .integer: ["integer", "number"]
        case .number: ["number"]
        case .string: ["string"]
        case .array: ["array"]
        case .object: ["object"]
        }
    }
}
