import DocumentTree
import Foundation
import JSONText
import OutputSchemas
import PackageSpecs
import SystemPackage
import Testing
import YAMLDocuments

/// Holds the schemas of a layer's files and their parsers together.
@Suite("Schemas of the files of a layer")
struct SpecSchemaTests {
    private static let example = "Tests/Engines/LayerFoldersTests/Example"

    @Test("no table has a key twice, and every key is explained in whole sentences", arguments: SpecKind.allCases)
    func keys(_ kind: SpecKind) { DocumentedFileTests.check(kind.entries) }

    @Test(
        "the files of the example are valid",
        arguments: [
            (SpecKind.boatyard, "foundation/boatyard.yaml"), (.boatyard, "harbour/boatyard.yaml"),
            (.package, "foundation/packages/base/package.yaml"), (.package, "foundation/packages/kernel/package.yaml"),
            (.package, "foundation/packages/agent/package.yaml"), (.package, "foundation/packages/grub/package.yaml"),
            (.package, "foundation/packages/foundation/package.yaml"), (.package, "harbour/packages/tide/package.yaml"),
        ])
    func example(kind: SpecKind, path: String) throws {
        let text = try Repository.text("\(Self.example)/\(path)")
        #expect(try SchemaChecker().accepts(SchemaTests.json(text), kind.schema))
    }

    /// Texts that a file takes or refuses for its form alone, each behind `format: 1` and what is required.
    private static let forms: [(kind: SpecKind, text: String, isTaken: Bool)] = [
        (.boatyard, "name: a", true), (.boatyard, "name: a\nlayer: []", false), (.boatyard, "layers: []", false),
        (.boatyard, "name: a\ncache: oci://x.example/c", true), (.boatyard, "name: a\ncache: [oci:c]", true),
        (.boatyard, "name: a\ncache: {}", false), (.boatyard, "name: a\naccounts: {a: 1}", true),
        (.boatyard, "name: a\naccounts: {a: x}", false), (.values, "values: {a: b, c: 1}", true),
        (.values, "a: b", false), (.lock, "images: {a: {digest: b}}", false), (.lock, "images: {}", true),
        (.package, "name: a/b\nversion: 1\nrequires: [c/d, {item: c/e, when: {arch: arm64}}]", true),
        (.package, "name: a/b\nversion: 1\nrequires: [{run: c/e, when: {arch: arm64}}]", false),
        (.package, "name: a/b\nversion: 1\nrequires: c/d", false),
        (.package, "name: a/b\nversion: 1\nbuild: {from: nothing, fetch: [{url: 'https://x/y', to: /y}]}", true),
        (.package, "name: a/b\nversion: 1\nbuild: {from: everything, fetch: [{url: 'https://x/y', to: /y}]}", false),
        (.package, "name: a/b\nversion: 1\nbuild: {from: {images: x}}", false),
        (.package, "name: a/b\nversion: 1\nartefact: {files: tree}", true),
        (.package, "name: a/b\nversion: 1\nartefact: {files: /tree}", false),
        (
            .package,
            "name: ${values.x}/b\nversion: 1\nvalues: {x: a}\nvariants: [{}, {values: {x: b}}]\nrequires: [c/d]", true
        ),
        (.boatyard, "name: a\nlayers: [{name: b, images: 'oci:i', key: k}]", true),
        (.boatyard, "name: a\nlayers: [{name: b, images: 'oci:i'}]", false),
        (.derivative, "name: a\nversion: 1\nbase: {layer: low, version: '>= 1, < 2'}", true),
        (.derivative, "name: a\nversion: 1\nbase: {image: 'docker.io/library/debian:12'}", true),
        (.derivative, "name: a\nversion: 1\nbase: {layers: low}", false),
        (.lock, "base: {reference: 'oci:i', manifest: 'sha256:\(String(repeating: "ab", count: 32))'}", true),
        (.lock, "base: {reference: 'oci:i', layer: low}", false),
        (.package, "name: b\nversion: 1\nrequires: [c/d]", false), (.package, "name: a/b\nrequires: [c/d]", false),
    ]

    @Test("schema and parser judge alike", arguments: forms)
    func alike(form: (kind: SpecKind, text: String, isTaken: Bool)) throws {
        let text = "format: 1\n\(form.text)"
        #expect(try SchemaChecker().accepts(SchemaTests.json(text), form.kind.schema) == form.isTaken)
        #expect(try Self.isRead(form.kind, text) == form.isTaken)
    }

    private static func isRead(_ kind: SpecKind, _ text: String) throws -> Bool {
        let document = try YAMLDocument.parse(Array(text.utf8))
        let context = SpecContext(architecture: "amd64")
        do throws(SpecError) {
            switch kind {
            case .boatyard: _ = try LayerFile(document, file: "f", architecture: "amd64", environment: [:])
            case .package: _ = try PackageFile(document, file: "f").packages(in: context)
            case .derivative: _ = try DerivativeFile(document, file: "f").derivative(in: context)
            case .values: _ = try FlavourFile.values(of: document, file: "f", environment: [:])
            case .lock: _ = try LockFile(document, file: "f")
            }
        } catch { return false }
        return true
    }

    @Test(
        "Python's jsonschema takes the schemas, and judges as we do",
        .enabled(if: SchemaTests.hasJSONSchema, "it is not installed"), arguments: SpecKind.allCases)
    func python(_ kind: SpecKind) throws {
        let forms = Self.forms.filter { $0.kind == kind }
        let documents = try forms.map { try SchemaTests.json("format: 1\n\($0.text)") }
        try SchemaTests.expectPython(kind.schema, documents, verdicts: forms.map(\.isTaken))
    }
}

@Suite("Generated schemas of the files of a layer", .serialized)
struct GeneratedSpecSchemaTests {
    @Test("a schema is that of its table", arguments: SpecKind.allCases)
    func written(_ kind: SpecKind) throws {
        let path = "docs/schemas/\(kind.rawValue).schema.json"
        let text = String(decoding: kind.schema.serialized(indented: true), as: UTF8.self) + "\n"
        if Repository.updates {
            try text.write(to: Repository.root.appending(path: path), atomically: true, encoding: .utf8)
        }
        #expect(try Repository.text(path) == text, "\(path): run `make golden`")
    }
}
