import DocumentTree
import Foundation
import JSONText
import OutputSchemas
import Testing
import YAMLDocuments

/// Holds schemas and parsers together: what the one takes the other takes.
@Suite("Schemas of files")
struct SchemaTests {
    /// One value of each kind that a key may or may not take.
    static let kinds: [JSONValue] = [
        "word", "/folder", "", 5, -1, true, false, .null, [], ["/folder"], ["word", "other"], [5], [[]], [.null], [[:]],
        [:], ["x": 1], ["x": [:]], "allow", "bind", "tmpfs:10%", "tmpfs:", "LABEL=a", "LABEL=", "/dev/vda", ["a,b"],
        "8G",
        ["/"],
    ]

    /// What only the parser takes, and what only the schema takes.
    static let exceptions: Set = [
        #"{"volumes":[{"device":"LABEL=v","path":"/v","options":[5]}]}"#,
        #"{"volumes":[{"device":"LABEL=v","path":"/dev/vda"}]}"#,
        #"{"disk":null}"#, #"{"disk":{}}"#,
    ]

    @Test("every key takes the same kinds of values in the schema and in the parser", arguments: DocumentedFile.all)
    func kinds(_ file: DocumentedFile) throws {
        var taken = 0
        for document in Self.documents(file) {
            let text = String(decoding: document.serialized(), as: UTF8.self)
            let isTaken = try file.accepts(text)
            let isException = Self.exceptions.contains(text)
            #expect(try SchemaChecker().accepts(document, file.schema) == (isTaken != isException), "\(text)")
            taken += isTaken ? 1 : 0
        }
        #expect(taken > file.entries.count)
    }

    @Test(
        "an unknown key is refused at every level by both",
        arguments: [
            (0, "nothing: 1"), (0, "ephemeral: {nothing: 1}"), (0, "persistent: {nothing: 1}"),
            (0, "volumes: [{device: LABEL=a, path: /a, nothing: 1}]"), (0, "volumes: [{device: LABEL=a}]"),
            (1, "nothing: 1"), (1, "policy: {nothing: 1}"), (1, "registries: {r: {nothing: 1}}"),
            (2, "disk: {serial: x}\nnothing: 1"), (2, "disk: {nothing: 1}"), (2, "after: reboot"),
            (2, "disk: {serial: x}\nsizes: {nothing: 1M}"),
            (1, "registries: {r/s: {}}"), (1, "registries: {'': {}}"), (1, "hooks: {nothing: 1}"),
        ])
    func unknown(index: Int, text: String) throws {
        let file = DocumentedFile.all[index]
        #expect(try !file.accepts(text))
        #expect(try !SchemaChecker().accepts(Self.json(text), file.schema))
    }

    @Test("the examples on a file's page are valid", arguments: DocumentedFile.all)
    func examples(_ file: DocumentedFile) throws {
        for text in try file.examples { #expect(try SchemaChecker().accepts(Self.json(text), file.schema)) }
    }

    @Test(
        "Python's jsonschema takes the schemas, and judges as we do",
        .enabled(if: hasJSONSchema, "it is not installed"),
        arguments: DocumentedFile.all)
    func python(_ file: DocumentedFile) throws {
        let documents = try Self.documents(file) + file.examples.map(Self.json)
        try Self.expectPython(
            file.schema, documents, verdicts: documents.map { try SchemaChecker().accepts($0, file.schema) })
    }

    /// Expects of Python's jsonschema that it takes a schema, and judges documents by it as expected.
    static func expectPython(_ schema: JSONValue, _ documents: [JSONValue], verdicts: [Bool]) throws {
        let cases: JSONValue = [
            "schema": schema, "documents": .array(documents), "verdicts": .array(verdicts.map { .bool($0) }),
        ]
        let url = FileManager.default.temporaryDirectory.appending(path: "lifeboot-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: url) }
        try Data(cases.serialized()).write(to: url)
        let result = try Tool.run("python3", ["-c", Self.script, url.path])
        #expect(result.status == 0, "\(result.output)\(result.complaints)")
    }

    static let hasJSONSchema = (try? Tool.run("python3", ["-c", "import jsonschema"]).status) == 0

    private static let script = """
        import json, sys, jsonschema
        cases = json.load(open(sys.argv[1]))
        jsonschema.Draft202012Validator.check_schema(cases["schema"])
        validator = jsonschema.Draft202012Validator(cases["schema"])
        pairs = zip(cases["documents"], cases["verdicts"])
        wrong = [document for document, verdict in pairs if validator.is_valid(document) != verdict]
        sys.exit(f"judged otherwise: {wrong}" if wrong else 0)
        """

    /// Documents with one key each, with a value of each kind.
    private static func documents(_ file: DocumentedFile) -> [JSONValue] {
        kinds + places(file.entries, besides: file.required).flatMap { place in kinds.map(place) }
    }

    /// For each key a function that makes a document which has a value there, and only what is required besides.
    private static func places(
        _ entries: [DocumentEntry], besides start: JSONObject
    ) -> [(JSONValue) -> JSONValue] {
        entries.flatMap { entry in
            let place: (JSONValue) -> JSONValue = { value in
                var object = start
                object[entry.name] = value
                return .object(object)
            }
            return [place] + inside(entry.shape).map { inner in { place(inner($0)) } }
        }
    }

    private static func inside(_ shape: DocumentShape) -> [(JSONValue) -> JSONValue] {
        switch shape {
        case .table(let entries):
            let isVolume = entries.contains(where: \.isRequired)
            return places(entries, besides: isVolume ? ["device": "LABEL=v", "path": "/v"] : [:])
        case .list(let element): return inside(element).map { inner in { .array([inner($0)]) } }
        case .mapping(_, let element): return inside(element).map { inner in { ["name": inner($0)] } }
        case .either(let shapes): return shapes.flatMap(inside)
        case .text, .truth, .integer, .choice: return []
        }
    }

    /// A YAML text as an editor takes it, by YAML's core schema.
    static func json(_ text: String) throws -> JSONValue {
        json(try #require(try YAMLDocument.parse(Array(text.utf8))))
    }

    private static func json(_ node: DocumentNode) -> JSONValue {
        switch node.content {
        case .scalar(let text, quoted: true): return .string(text)
        case .scalar(let text, quoted: false):
            if node.isEmpty { return .null }
            return Bool(text).map { .bool($0) } ?? Int64(text).map { .integer($0) } ?? .string(text)
        case .sequence(let elements): return .array(elements.map(json))
        case .mapping(let pairs):
            return .object(JSONObject(pairs.map { JSONObject.Member($0.key, json($0.value)) }))
        }
    }
}
