import DiskContract
import DocumentTree
import Foundation
import JSONText
import ManualPages
import OEMModel
import ReleaseModel
import SystemLayout
import SystemPackage
import Testing
import TransactionPlanning
import YAMLDocuments

/// A kind of file that users write, with its page and its schema.
struct DocumentedFile: Sendable, CustomTestStringConvertible {
    /// What users call it.
    var name: String
    /// The page that explains it.
    var page: String
    /// Where its JSON Schema is kept.
    var schemaPath: String
    /// Where it is read from, in order.
    var places: [FilePath]
    /// Its keys.
    var entries: [DocumentEntry]
    /// What a document needs beside the key that is looked at.
    var required: JSONObject = [:]
    /// The parser; what it makes of the file does not matter here.
    var read: @Sendable (DocumentNode) throws -> Void

    static let all = [
        DocumentedFile(
            name: "layout.yaml", page: "docs/layout.md", schemaPath: "docs/schemas/layout.schema.json",
            places: MachinePaths.layouts, entries: LayoutDocument.table.entries
        ) { _ = try Layout($0) },
        DocumentedFile(
            name: "config.yaml", page: "docs/configuration.md", schemaPath: "docs/schemas/config.schema.json",
            places: AgentConfiguration.files, entries: AgentConfiguration.table.entries
        ) { node in
            var configuration = AgentConfiguration()
            try configuration.apply(node, from: "config.yaml")
        },
        DocumentedFile(
            name: "install.yaml", page: "docs/installing.md", schemaPath: "docs/schemas/install.schema.json",
            places: ["/install.yaml"], entries: InstallFile.table.entries,
            required: ["disk": ["serial": "word"]]
        ) { _ = try InstallFile($0) },
        DocumentedFile(
            name: "disk.yaml", page: "docs/disk-settings.md", schemaPath: "docs/schemas/disk.schema.json",
            places: [MachinePaths.diskSettings], entries: DiskSettings.table.entries
        ) { _ = try DiskSettings($0) },
    ]

    var testDescription: String { name }

    /// The schema as the table gives it.
    var schema: JSONValue { entries.schema(title: name) }

    /// The YAML texts on the page.
    var examples: [String] {
        get throws {
            try Document(page).blocks.filter { $0.language == "yaml" }.map { $0.lines.joined(separator: "\n") }
        }
    }

    /// Whether the parser takes a text.
    func accepts(_ text: String) throws -> Bool {
        guard let node = try YAMLDocument.parse(Array(text.utf8)) else { return true }
        do { try read(node) } catch { return false }
        return true
    }
}

@Suite("Documented files")
struct DocumentedFileTests {
    @Test("the examples on a file's page can be read", arguments: DocumentedFile.all)
    func examples(_ file: DocumentedFile) throws {
        let examples = try file.examples
        #expect(!examples.isEmpty, "\(file.page) has no example")
        for text in examples {
            let node = try #require(try YAMLDocument.parse(Array(text.utf8)))
            #expect(throws: Never.self) { try file.read(node) }
        }
    }

    @Test("a file's page names where it is read from, in order", arguments: DocumentedFile.all)
    func places(_ file: DocumentedFile) throws {
        let places = try Document(file.page).text.matches(of: /`(\/[^`]*\.yaml)`/).map { String($0.output.1) }
        #expect(places == file.places.map(\.string))
    }

    @Test("no table has a key twice, and every key is explained in whole sentences", arguments: DocumentedFile.all)
    func keys(_ file: DocumentedFile) {
        Self.check(file.entries)
    }

    static func check(_ entries: [DocumentEntry]) {
        #expect(Set(entries.map(\.name)).count == entries.count)
        for entry in entries {
            #expect(entry.explanation.hasSuffix(".") && entry.explanation.first?.isUppercase != false, "\(entry.name)")
            check(entry.shape)
        }
    }

    private static func check(_ shape: DocumentShape) {
        switch shape {
        case .table(let entries): check(entries)
        case .list(let element), .mapping(_, let element): check(element)
        case .either(let shapes): for shape in shapes { check(shape) }
        case .text, .truth, .integer, .choice: break
        }
    }
}

@Suite("Generated references", .serialized)
struct GeneratedReferenceTests {
    @Test("a file's page has every key of its table", arguments: DocumentedFile.all)
    func pages(_ file: DocumentedFile) throws {
        try Document(file.page).expect("keys", equals: file.entries.reference)
    }

    @Test("a file's schema is that of its table", arguments: DocumentedFile.all)
    func schemas(_ file: DocumentedFile) throws {
        let text = String(decoding: file.schema.serialized(indented: true), as: UTF8.self) + "\n"
        if Repository.updates {
            let url = Repository.root.appending(path: file.schemaPath)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        #expect(try Repository.text(file.schemaPath) == text, "\(file.schemaPath): run `make golden`")
    }

    @Test("the page of stages has every key of a step and of a #cloud-config")
    func stages() throws {
        let page = try Document("docs/oem-reference.md")
        try page.expect("step", equals: StageStep.table.entries.reference)
        try Document("docs/oem-reference.md").expect("cloud-config", equals: CloudConfig.table.entries.reference)
    }

    @Test("the schema of stages is that of its tables")
    func stageSchema() throws {
        let text = String(decoding: OEMFile.schema.serialized(indented: true), as: UTF8.self) + "\n"
        let path = "docs/schemas/oem.schema.json"
        if Repository.updates {
            try text.write(to: Repository.root.appending(path: path), atomically: true, encoding: .utf8)
        }
        #expect(try Repository.text(path) == text, "\(path): run `make golden`")
    }
}
