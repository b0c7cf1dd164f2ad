import DocumentTree
import PackageModel
import SystemPackage

/// Makes one package of each variant of a file.
struct PackageVariants {
    /// The keys that say what is put in, and not what there is.
    private static let settings: Set = ["values", "variants"]
    /// What a variant may change, in the order in which it is known.
    private static let changeable = ["name", "version", "requires"]

    private let file: PackageFile
    private let context: SpecContext
    /// The file's own values under those of the context.
    private let values: [String: SpecValue]
    /// The variables that values used.
    private var valueUses: [EnvironmentUse] = []
    /// The bytes that were put into texts so far.
    private var inserted = 0
    /// The names of the values that the file used or gave a default so far.
    private(set) var valueNames: Set<String>
    /// The pairs of each variant; one without pairs for a file without variants.
    private(set) var variants: [[DocumentPair]] = [[]]

    init(_ file: PackageFile, _ context: SpecContext) throws(SpecError) {
        self.file = file
        self.context = context
        var uses: [EnvironmentUse] = []
        do throws(DocumentError) {
            let own = try Self.values(in: file.pairs, file, context, ValueOrigin.package, &uses)
            values = own.merging(context.values) { $1 }
            valueNames = Set(own.keys)
            valueUses = uses
            try readVariants()
        } catch { throw SpecError(file.file, error) }
    }

    private mutating func readVariants() throws(DocumentError) {
        guard let pair = file.pairs.first(where: { $0.key == "variants" }) else { return }
        let nodes = try SpecLimits.elements(of: pair.value, "variants", SpecLimits.variants)
        var tree = SpecTree(
            substitution: Substitution(values: values, environment: context.environment),
            architecture: context.architecture)
        var found: [[DocumentPair]] = []
        for node in nodes {
            if let plain = try tree.plain(node) { found.append(try plain.pairs("a variant")) }
        }
        valueNames.formUnion(tree.substitution.usedValues.keys)
        if !nodes.isEmpty { variants = found }
    }

    /// The values that a mapping gives under `values`.
    private static func values(
        in pairs: [DocumentPair], _ file: PackageFile, _ context: SpecContext, _ origin: (SpecPlace) -> ValueOrigin,
        _ uses: inout [EnvironmentUse]
    ) throws(DocumentError) -> [String: SpecValue] {
        guard let pair = pairs.first(where: { $0.key == "values" }) else { return [:] }
        var tree = SpecTree(
            substitution: Substitution(values: nil, environment: context.environment), architecture: "")
        let node = try tree.resolved(pair.value, "values")
        uses += tree.substitution.environmentUses(in: file.file)
        return try DocumentValue<[DocumentMember<String>]>.specValues.read(node, "values").values(
            from: origin, file.file)
    }

    /// The package of one variant, but for its Containerfile.
    mutating func draft(of variant: [DocumentPair]) throws(SpecError) -> PackageDraft {
        do throws(DocumentError) {
            var uses = valueUses
            let changed = try Self.values(in: variant, file, context, ValueOrigin.variant, &uses)
            var tree = SpecTree(
                substitution: Substitution(
                    values: values.merging(changed) { $1 }, environment: context.environment, inserted: inserted),
                architecture: context.architecture)
            let package = try Self.read(try Self.resolved(joined(variant), &tree), file, tree)
            inserted = tree.substitution.inserted
            valueNames.formUnion(tree.substitution.usedValues.keys)
            return PackageDraft(package, tree.substitution, valueUses: uses)
        } catch { throw SpecError(file.file, error) }
    }

    /// The file's pairs with those of a variant in their places; name and version come first.
    private func joined(_ variant: [DocumentPair]) -> [DocumentPair] {
        let own = file.pairs.filter { !Self.settings.contains($0.key) }
        let changes = Self.changeable.compactMap { key in
            variant.first { $0.key == key } ?? own.first { $0.key == key }
        }
        return changes + own.filter { !Self.changeable.contains($0.key) }
    }

    /// Works conditions and substitutions in; the name is known to what follows it, and so is the version.
    private static func resolved(
        _ pairs: [DocumentPair], _ tree: inout SpecTree
    ) throws(DocumentError) -> [DocumentPair] {
        var result: [DocumentPair] = []
        for var pair in pairs {
            pair.value = try tree.resolved(pair.value, pair.key)
            if pair.key == "name" || pair.key == "version" {
                tree.substitution.names[pair.key] = try pair.value.text(pair.key)
            }
            result.append(pair)
        }
        return result
    }

    private static func read(
        _ pairs: [DocumentPair], _ file: PackageFile, _ tree: SpecTree
    ) throws(DocumentError) -> PackageSpec {
        guard let name = pairs.first(where: { $0.key == "name" })?.value,
            let version = pairs.first(where: { $0.key == "version" })?.value
        else { throw DocumentError(at: file.mark, "the package needs name and version") }
        var package = PackageSpec(
            try DocumentValue<PackageName>.packageName.read(name, "name"),
            try DocumentValue<PackageVersion>.packageVersion.read(version, "version"), architecture: tree.architecture,
            folder: file.file.removingLastComponent(), place: SpecPlace(file.file, name.mark))
        try file.table.read(DocumentNode(.mapping(pairs), at: file.mark), into: &package)
        let marks = Dictionary(pairs.map { ($0.key, $0.mark) }) { first, _ in first }
        return try PackageChecks(marks: marks, isForOneArchitecture: tree.substitution.usesArchitecture).checked(
            package)
    }
}

extension Substitution {
    /// The variables that were used, with their places.
    func environmentUses(in file: FilePath) -> [EnvironmentUse] {
        usedVariables.map { EnvironmentUse($0.name, at: SpecPlace(file, $0.mark)) }
    }
}
