import JSONText
import Testing

@testable import DocumentTree

@Suite("Document schema")
struct DocumentSchemaTests {
    private let schema = Sample.table.entries.schema(title: "sample.yaml")

    private func property(_ names: String...) throws -> JSONValue {
        var value = schema
        for name in names { value = try #require(value["properties"]?[name]) }
        return value
    }

    @Test("a document is a mapping of the table's keys and no others, or empty")
    func root() throws {
        #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema" && schema["title"] == "sample.yaml")
        #expect(schema["type"] == ["object", "null"] && schema["additionalProperties"] == false)
        #expect(schema["required"] == nil)
        let names = schema["properties"]?.object?.members.map(\.name)
        #expect(names == ["title", "look", "folder", "items", "named"])
    }

    @Test("each shape has its schema, with explanation and default")
    func shapes() throws {
        #expect(
            try property("title") == [
                "type": ["string", "number", "boolean"], "minLength": 1, "description": "The title.", "default": "none",
            ])
        #expect(
            try property("look", "colour") == [
                "enum": ["red", "green"], "description": "The colour.", "default": "red",
            ])
        #expect(
            try property("look", "open") == [
                "type": "boolean", "description": "Whether it is open.", "default": false,
            ])
        #expect(try property("folder") == ["type": "string", "pattern": "^/", "description": "Where it lies."])
        #expect(try property("look")["additionalProperties"] == false)
    }

    @Test("a list has a schema for its elements, whose required keys are named")
    func list() throws {
        let list = try property("items")
        #expect(list["type"] == ["array", "null"])
        let item = try #require(list["items"])
        #expect(item["type"] == "object" && item["required"] == ["id", "weight"])
        #expect(item["additionalProperties"] == false)
        #expect(item["properties"]?["weight"]?["minimum"] == 1 && item["properties"]?["weight"]?["maximum"] == 9)
        #expect(item["properties"]?["weight"]?["type"] == "integer")
    }

    @Test("a mapping with free names has a schema for names and values")
    func mapping() throws {
        let mapping = try property("named")
        #expect(mapping["type"] == ["object", "null"] && mapping["propertyNames"] == ["pattern": "^[^.]+$"])
        #expect(mapping["additionalProperties"]?["properties"]?["weight"]?["type"] == "integer")
    }
}
