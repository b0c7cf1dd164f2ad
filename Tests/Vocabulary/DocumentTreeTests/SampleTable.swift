import DocumentTree
import JSONText
import SystemPackage
import YAMLDocuments

/// A made-up kind of file with every shape of value, for the tests of tables.
struct Sample: Equatable, Sendable {
    enum Colour: String, CaseIterable, Sendable { case red, green }

    struct Item: Equatable, Sendable {
        var id = ""
        var weight = 1
        var tags: [String] = []
    }

    var title = "none"
    var isOpen = false
    var colour = Colour.red
    var folder: FilePath?
    var items: [Item] = []
    var named: [String: Item] = [:]

    static let item = DocumentTable<Item>(
        "an item",
        [
            DocumentKey("id", .text, required: true, "Its id.") { $0.id = $1 },
            DocumentKey("weight", .integer(1...9), default: 1, required: true, "How heavy it is.") { $0.weight = $1 },
            DocumentKey("tags", .list(of: .text, "a tag"), default: [], "Words | marks.") { $0.tags = $1 },
        ])

    static let namedItem = DocumentTable<Item>(
        "a named item", [DocumentKey("weight", .integer(1...9), default: 1, "How heavy it is.") { $0.weight = $1 }])

    static let look: [DocumentKey<Sample>] = [
        DocumentKey("colour", .choice, default: "red", "The colour.") { $0.colour = $1 },
        DocumentKey("open", .truth, default: false, "Whether it is open.") { $0.isOpen = $1 },
    ]

    static let table = DocumentTable<Sample>(
        "the sample",
        [
            DocumentKey("title", .text, default: "none", "The title.") { $0.title = $1 },
            DocumentKey("look", look, "How it looks."),
            DocumentKey("folder", .path, "Where it lies.") { $0.folder = $1 },
            DocumentKey("items", .list(of: .table(item, from: Item()), "an item"), default: [], "What is in it.") {
                $0.items = $1
            },
            DocumentKey("named", each: DocumentNames("name", "a name without '.'", without: "."), namedItem, "By name.")
            {
                (sample, name, read) throws(DocumentError) in try read(&sample.named[name, default: Item()])
            },
        ])

    /// Reads a YAML text over what there is.
    mutating func read(_ text: String) throws(DocumentError) {
        if let node = try YAMLDocument.parse(Array(text.utf8)) { try Self.table.read(node, into: &self) }
    }
}
