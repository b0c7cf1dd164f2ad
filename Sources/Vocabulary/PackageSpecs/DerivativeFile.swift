package import DocumentTree
import PackageModel
package import SystemPackage

/// A `derivative.yaml`, read as far as that goes without values.
package struct DerivativeFile: Sendable {
    private let file: FilePath
    private let pairs: [DocumentPair]
    private let mark: DocumentMark
    private let table: DocumentTable<DerivativeSpec>

    /// Takes a file's document; nil is a text without one.
    ///
    /// - Parameter file: as messages name it: relative to the layer's folder.
    /// - Throws: `SpecError` for a document without the format in front, and for an unknown key at any place.
    package init(_ document: DocumentNode?, file: FilePath) throws(SpecError) {
        table = DerivativeSpec.table(file)
        do throws(DocumentError) {
            pairs = try SpecDocument.pairs(of: document, table.entries, table.name)
        } catch { throw SpecError(file, error) }
        self.file = file
        mark = document?.mark ?? DocumentMark(line: 1, column: 1)
    }

    /// What it describes, with the values of the layer, of flavours and of the command line.
    ///
    /// - Throws: `SpecError` with the place of the first fault.
    package func derivative(in context: SpecContext) throws(SpecError) -> DerivativeSpec {
        do throws(DocumentError) { return try read(context) } catch { throw SpecError(file, error) }
    }

    private func read(_ context: SpecContext) throws(DocumentError) -> DerivativeSpec {
        var tree = SpecTree(
            substitution: Substitution(values: context.values, environment: context.environment),
            architecture: context.architecture)
        // Name and version come first, whatever the order in the file: all other texts may use them.
        let first = ["name", "version"]
        let ordered =
            first.compactMap { key in pairs.first { $0.key == key } } + pairs.filter { !first.contains($0.key) }
        var resolved: [DocumentPair] = []
        for var pair in ordered {
            pair.value = try tree.resolved(pair.value, pair.key)
            if first.contains(pair.key) { tree.substitution.names[pair.key] = try pair.value.text(pair.key) }
            resolved.append(pair)
        }
        let place = pairs.first { $0.key == "name" }?.value.mark ?? mark
        var derivative = DerivativeSpec(place: SpecPlace(file, place))
        try table.read(DocumentNode(.mapping(resolved), at: mark), into: &derivative)
        guard derivative.base != nil || !derivative.packages.isEmpty else {
            throw DocumentError(at: mark, "there is neither 'base' nor 'packages': an image of nothing boots nowhere")
        }
        let used = tree.substitution.usedValues
        derivative.usedValues = used.map { UsedValue($0.key, $0.value) }.sorted { $0.name < $1.name }
        derivative.environmentUses = tree.substitution.environmentUses(in: file)
        return derivative
    }
}
