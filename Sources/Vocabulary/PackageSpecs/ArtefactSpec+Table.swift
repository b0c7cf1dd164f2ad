import DocumentTree
import JSONText
import SystemPackage

/// What stands in `artefact` before it is known which source counts.
private struct ArtefactKeys: Sendable {
    var sources: [ArtefactSpec.Source] = []
    var artefact = ArtefactSpec(.difference)

    static func table(_ file: FilePath) -> DocumentTable<ArtefactKeys> {
        DocumentTable("artefact", sources + filters(file))
    }

    /// A mapping without keys: that the key is there is all that it says.
    private static let nothing = DocumentValue<Bool>.table(DocumentTable<Bool>("it", []), from: true)

    private static let sources: [DocumentKey<ArtefactKeys>] = [
        DocumentKey(
            "difference", nothing,
            "What the steps added to the tree of the base, or changed in it. It counts when no other source is named."
        ) { keys, _ in keys.sources.append(.difference) },
        DocumentKey("directory", .containerPath, "A folder of the container, which becomes the root.") {
            $0.sources.append(.directory($1))
        },
        DocumentKey("tree", nothing, "The whole container, its base included.") { keys, _ in keys.sources.append(.tree)
        },
        DocumentKey("files", .pathBelow, "A folder beside this file; there is no container.") {
            $0.sources.append(.files($1))
        },
    ]

    private static func filters(_ file: FilePath) -> [DocumentKey<ArtefactKeys>] {
        let globs = DocumentValue<[String]>.conditional(DocumentValue<String>.glob, "item")
        let places = DocumentValue<[Located<String>]>.conditional(
            .located(.glob, in: file), "item")
        return [
            DocumentKey(
                "include", globs, default: [], "Globs of what is content, with the folders above. Without it, all is."
            ) { $0.artefact.include = $1 },
            DocumentKey("exclude", globs, default: [], "Globs of what is no content; they win over `include`.") {
                $0.artefact.exclude = $1
            },
            DocumentKey(
                "overrides", places, default: [],
                "Globs of paths of the base and of required packages that this one may change; others are an error."
            ) { $0.artefact.overrides = $1 },
            DocumentKey(
                "removes", places, default: [], "Globs of paths of the base that this package may delete."
            ) { $0.artefact.removes = $1 },
        ]
    }
}

extension DocumentValue where Value == ArtefactSpec {
    /// The key `artefact`.
    static func artefact(_ file: FilePath) -> Self {
        let table = ArtefactKeys.table(file)
        return Self(.table(table.entries)) { (node, _) throws(DocumentError) in
            var keys = ArtefactKeys()
            try table.read(node, into: &keys)
            guard keys.sources.count <= 1 else {
                throw DocumentError(
                    at: node.mark, "artefact has several sources; keep one of difference, directory, tree and files")
            }
            keys.artefact.source = keys.sources.first ?? .difference
            return keys.artefact
        }
    }
}
