package import JSONText
import Testing

/// Checks values by a JSON Schema, as far as ours go; a keyword that it does not know is an issue of the test.
package struct SchemaChecker {
    private static let remarks: Set = ["$schema", "title", "description", "default"]

    /// Makes a checker.
    package init() {}

    /// Whether a value is valid.
    package func accepts(_ value: JSONValue, _ schema: JSONValue) throws -> Bool { try fault(value, schema) == nil }

    /// What is not as the schema says, with its place; nil when all is.
    package func fault(_ value: JSONValue, _ schema: JSONValue, at place: String = "$") throws -> String? {
        for member in schema.object?.members ?? [] where !Self.remarks.contains(member.name) {
            if let fault = try fault(member.name, member.value, value, schema, place) { return fault }
        }
        return schema == false ? "\(place) is not known" : nil
    }

    private func fault(
        _ keyword: String, _ argument: JSONValue, _ value: JSONValue, _ schema: JSONValue, _ place: String
    ) throws -> String? {
        switch keyword {
        case "items": return try elements(value, argument, place)
        case "properties", "propertyNames", "additionalProperties":
            return try (value.object?.members ?? []).lazy.compactMap {
                try member(keyword, argument, $0, schema, place)
            }.first
        default:
            let text = String(decoding: value.serialized(), as: UTF8.self).prefix(100)
            return try holds(keyword, argument, value) ? nil : "\(place) breaks \(keyword): \(text)"
        }
    }

    private func elements(_ value: JSONValue, _ schema: JSONValue, _ place: String) throws -> String? {
        for (index, element) in (value.elements ?? []).enumerated() {
            if let fault = try fault(element, schema, at: "\(place)[\(index)]") { return fault }
        }
        return nil
    }

    private func holds(_ keyword: String, _ argument: JSONValue, _ value: JSONValue) throws -> Bool {
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
        default:
            Issue.record("unknown keyword \(keyword)")
            return false
        }
    }

    /// The keywords about members of objects.
    private func member(
        _ keyword: String, _ argument: JSONValue, _ member: JSONObject.Member, _ schema: JSONValue, _ place: String
    ) throws -> String? {
        let place = "\(place).\(member.name)"
        switch keyword {
        case "properties": return try argument[member.name].flatMap { try fault(member.value, $0, at: place) }
        case "propertyNames": return try fault(.string(member.name), argument, at: place)
        default:
            return schema["properties"]?[member.name] != nil ? nil : try fault(member.value, argument, at: place)
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
