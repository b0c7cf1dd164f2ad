package import DocumentTree
import JSONText
import RegistryModel
package import SystemPackage

extension LayerFile {
    /// Every key of `boatyard.yaml`.
    static func table(_ file: FilePath) -> DocumentTable<LayerFile> {
        DocumentTable(
            "the layer",
            [
                SpecDocument.formatKey(),
                DocumentKey("name", .word, required: true, "The layer's name.") { $0.name = $1 },
                DocumentKey(
                    "layers", .lowerLayers(file), default: [],
                    "The layers below, topmost first: in this order their repositories are searched."
                ) {
                    ($0.layers, $0.images) = ($1.compactMap(\.packages), $1.compactMap(\.images))
                },
                DocumentKey(
                    "repository", .located(.repository, in: file),
                    "Where `boatyard repository publish` puts the layer's packages, without a tag."
                ) { $0.repository = $1 },
                DocumentKey(
                    "cache", .caches(file), default: [],
                    """
                    Where builds are looked for before they are made: one repository or several. The first one is \
                    written to when that is asked for. Only what a trusted key has signed is taken.
                    """
                ) { $0.caches = $1 },
                DocumentKey(
                    "values", .specValues, default: [:],
                    """
                    Values for all packages of the layer, by name; they win over the packages' own. A value may hold \
                    `${env:NAME}` and nothing else.
                    """
                ) { $0.values = $1.values(from: ValueOrigin.layer, file) },
                DocumentKey(
                    "accounts", .accounts, default: [:],
                    """
                    Accounts with their numbers, which are made in every base before the steps, so that packages \
                    that are built apart agree on them.
                    """
                ) { $0.accounts = $1 },
            ])
    }

    /// Reads `boatyard.yaml`; its texts may hold `${values.NAME}`, `${env:NAME}` and `${name}`.
    ///
    /// - Parameters:
    ///   - document: nil is a text without one.
    ///   - file: the file, as messages name it.
    ///   - architecture: what `when` of a list's element is decided with.
    ///   - environment: boatyard's own.
    /// - Throws: `SpecError` with the place of the first fault.
    package init(
        _ document: DocumentNode?, file: FilePath, architecture: String, environment: [String: String]
    ) throws(SpecError) {
        self.init()
        let table = Self.table(file)
        do throws(DocumentError) {
            let pairs = try SpecDocument.pairs(of: document, table.entries, table.name)
            try read(pairs, table, file, architecture, environment)
        } catch { throw SpecError(file, error) }
    }

    private mutating func read(
        _ pairs: [DocumentPair], _ table: DocumentTable<LayerFile>, _ file: FilePath, _ architecture: String,
        _ environment: [String: String]
    ) throws(DocumentError) {
        // Values come first, whatever the order in the file: all other texts may use them.
        var values = SpecTree(substitution: Substitution(values: nil, environment: environment), architecture: "")
        var resolved: [DocumentPair] = []
        for var pair in pairs where pair.key == "values" {
            pair.value = try values.resolved(pair.value, pair.key)
            self.values = try DocumentValue<[DocumentMember<String>]>.specValues.read(pair.value, pair.key)
                .values(from: ValueOrigin.layer, file)
            resolved.append(pair)
        }
        var tree = SpecTree(
            substitution: Substitution(values: self.values, environment: environment), architecture: architecture)
        let others = pairs.filter { $0.key == "name" } + pairs.filter { !["name", "values"].contains($0.key) }
        for var pair in others {
            pair.value = try tree.resolved(pair.value, pair.key)
            if pair.key == "name" { tree.substitution.names["name"] = try pair.value.text("name") }
            resolved.append(pair)
        }
        let mark = pairs.first?.mark ?? DocumentMark(line: 1, column: 1)
        try table.read(DocumentNode(.mapping(resolved), at: mark), into: &self)
        var names: Set<String> = []
        environmentUses =
            (values.substitution.environmentUses(in: file)
            + tree.substitution.environmentUses(in: file)).filter { names.insert($0.name).inserted }
    }
}
