import JSONText
import OutputSchemas
import Testing

@Suite("Schemas of output")
struct OutputSchemaTests {
    @Test("each is in the table of docs/events.md, and tests hold what is printed to it")
    func held() throws {
        let names = try OutputSchema.names()
        #expect(
            try Document("docs/events.md").firstCells("schemas").map { $0.prefix { $0 != "]" }.dropFirst() }
                == names.map { Substring($0) })
        let tests = try Repository.swiftFiles("Tests").filter { $0.text.contains("OutputSchema.check(") }
        for name in names { #expect(tests.contains { $0.text.contains("\"\(name)\"") }, "\(name)") }
    }

    @Test("each closes its objects, so that a new member is in it before it is printed")
    func closed() throws {
        for name in try OutputSchema.names() {
            let open = Self.open(try OutputSchema.schema(name))
            #expect(open.allSatisfy { $0["properties"] == nil || $0["properties"]?["event"] != nil }, "\(name)")
        }
    }

    @Test("Python's jsonschema takes them", .enabled(if: SchemaTests.hasJSONSchema, "it is not installed"))
    func python() throws {
        for name in try OutputSchema.names() {
            try SchemaTests.expectPython(try OutputSchema.schema(name), [5], verdicts: [false])
        }
    }

    @Test("a member that is missing, too much or of another kind is named with its place")
    func faults() throws {
        let checker = SchemaChecker()
        let schema: JSONValue = [
            "type": "object", "properties": ["a": ["type": "array", "items": ["type": "string"]]], "required": ["a"],
            "additionalProperties": false,
        ]
        #expect(try checker.fault(["a": ["x"]], schema) == nil)
        #expect(try checker.fault(["a": ["x", 5]], schema) == "$.a[1] breaks type: 5")
        #expect(try checker.fault(["a": [], "b": 1], schema) == "$.b is not known")
        #expect(try checker.fault([:], schema) == "$ breaks required: {}")
    }

    /// The objects inside a schema that take members it does not name.
    private static func open(_ schema: JSONValue) -> [JSONValue] {
        let inner = (schema.elements ?? []) + (schema.object?.members.map(\.value) ?? [])
        let own = schema["type"] == "object" && schema["additionalProperties"] == nil ? [schema] : []
        return own + inner.flatMap(open)
    }
}
