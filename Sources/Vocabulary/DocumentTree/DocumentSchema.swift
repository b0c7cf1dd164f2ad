package import JSONText

extension [DocumentEntry] {
    /// A JSON Schema (draft 2020-12) of a document with these keys, for editors.
    ///
    /// It takes what the parser takes as far as keys and types go. It is narrower where it can advise: a text of a form
    /// is no plain number, and a truth value or number is not in quotes.
    package func schema(title: String) -> JSONValue {
        var schema: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": .string(title),
        ]
        for member in DocumentShape.table(self).schema.members { schema[member.name] = member.value }
        return .object(schema)
    }

    /// A schema for each key.
    fileprivate var properties: JSONValue {
        let members = map { entry in
            var schema = entry.shape.schema
            schema["description"] = .string(entry.explanation)
            schema["default"] = entry.standard
            return JSONObject.Member(entry.name, .object(schema))
        }
        return .object(JSONObject(members))
    }
}

extension DocumentShape {
    /// The shape as a JSON Schema; an empty value stands for an empty list or mapping.
    fileprivate var schema: JSONObject {
        switch self {
        case .text(_, let pattern?): ["type": "string", "pattern": .string(pattern)]
        case .text(_, nil): ["type": ["string", "number", "boolean"], "minLength": 1]
        case .truth: ["type": "boolean"]
        case .integer(let range):
            [
                "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
                "maximum": .integer(Int64(range.upperBound)),
            ]
        case .choice(let words): ["enum": .array(words.map { .string($0) })]
        case .list(let element): ["type": ["array", "null"], "items": .object(element.schema)]
        case .table(let entries): Self.mapping(of: entries)
        case .mapping(let names, let value):
            [
                "type": ["object", "null"], "propertyNames": ["pattern": .string("^[^\(names.without)]+$")],
                "additionalProperties": .object(value.schema),
            ]
        case .either(let shapes): ["anyOf": .array(shapes.map { .object($0.schema) })]
        }
    }

    private static func mapping(of entries: [DocumentEntry]) -> JSONObject {
        let required = entries.filter(\.isRequired).map { JSONValue.string($0.name) }
        var schema: JSONObject = [
            "type": required.isEmpty ? ["object", "null"] : "object", "properties": entries.properties,
        ]
        if !required.isEmpty { schema["required"] = .array(required) }
        schema["additionalProperties"] = false
        return schema
    }
}
