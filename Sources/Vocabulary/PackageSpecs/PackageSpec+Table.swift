import DocumentTree
import JSONText
import PackageModel
import RegistryModel
import SystemPackage

extension PackageSpec {
    /// Every key of `package.yaml`.
    static func table(_ file: FilePath) -> DocumentTable<PackageSpec> {
        DocumentTable(
            "the package",
            [SpecDocument.formatKey()] + identity + words + relations(file) + content(file) + [values, variants])
    }

    private static let identity: [DocumentKey<PackageSpec>] = [
        DocumentKey("name", .packageName, required: true, "The package's name.") { $0.name = $1 },
        DocumentKey("version", .packageVersion, required: true, "Its version, in Debian's form and without `_`.") {
            $0.version = $1
        },
    ]

    private static let words: [DocumentKey<PackageSpec>] = [
        DocumentKey("description", .line, "What it is, in a sentence.") { $0.summary = $1 },
        DocumentKey("license", .license, "Its licence as an SPDX expression.") { $0.license = $1 },
        DocumentKey("homepage", .webAddress, "Where to read about it.") { $0.homepage = $1 },
        DocumentKey("labels", .labels, default: [:], "Further words, by name.") { $0.labels = $1 },
        DocumentKey("hidden", .truth, default: false, "Whether lists leave it out.") { $0.isHidden = $1 },
        DocumentKey(
            "architectures", .architectures, default: [],
            """
            The architectures that it can be built for, in Go's words such as `amd64`; `[all]` for files that are \
            the same on any. Without this key it is built for each that is asked for.
            """
        ) { $0.architectures = $1 },
    ]

    private static func relations(_ file: FilePath) -> [DocumentKey<PackageSpec>] {
        let requests = DocumentValue<[Located<PackageRequest>]>.conditional(
            .located(.request, in: file), "item")
        return [
            DocumentKey("requires", requests, default: [], "What has to be in an image with it.") { $0.requires = $1 },
            DocumentKey("conflicts", requests, default: [], "What must not be in an image with it.") {
                $0.conflicts = $1
            },
            DocumentKey("provides", requests, default: [], "Names under which it counts as well.") { $0.provides = $1 },
        ]
    }

    private static func content(_ file: FilePath) -> [DocumentKey<PackageSpec>] {
        [
            DocumentKey("build", .build(file), "How its files are made in a container.") { $0.build = $1 },
            DocumentKey(
                "artefact", .artefact(file),
                "Which files are its content. Without `build` and this key it has none, and is a name for `requires`."
            ) { $0.artefact = $1 },
            DocumentKey("split", .splits(file), default: [], "Further packages out of the same build.") {
                $0.splits = $1
            },
            DocumentKey(
                "finalize", .conditional(.located(.command, in: file), "run"), default: [],
                "Commands that run once in an image, after all packages are in it, in the solver's order."
            ) { $0.finalize = $1 },
        ]
    }

    private static let values = DocumentKey<PackageSpec>(
        "values", .specValues, default: [:],
        """
        Values for `${values.NAME}` and `when`, by name: the weakest; the layer's win over them, then flavours, then \
        `--set`. A value may hold `${env:NAME}` and nothing else.
        """
    ) { _, _ in }

    private static let variants = DocumentKey<PackageSpec>(
        "variants", VariantKeys.list, default: [],
        "Packages out of this file, one for each element; what an element does not say is as in the file."
    ) { _, _ in }
}

/// What a variant changes: the form alone, for it is read from the document when its values are known.
struct VariantKeys: Sendable {
    static let table = DocumentTable<VariantKeys>(
        "a variant",
        [
            DocumentKey("name", .packageName, "Its name.") { _, _ in },
            DocumentKey("version", .packageVersion, "Its version.") { _, _ in },
            DocumentKey("values", .specValues, default: [:], "Values that nothing overrides.") { _, _ in },
            DocumentKey(
                "requires", .conditional(DocumentValue<PackageRequest>.request, "item"),
                "What has to be in an image with it, instead of the file's."
            ) { _, _ in },
        ])

    static let list = table.elements(from: VariantKeys(), limit: SpecLimits.variants) { keys, _ in keys }
}

extension DocumentValue where Value == [String: String] {
    /// Labels by name.
    static var labels: Self {
        let names = DocumentNames("NAME", "a word", without: " ")
        let members = DocumentValue<[DocumentMember<String>]>.mapping(names, of: .line)
        return Self(members.shape) { (node, name) throws(DocumentError) in
            var labels: [String: String] = [:]
            for member in try members.read(node, name) {
                guard isPath(member.name) else {
                    throw DocumentError(at: member.mark, "\(member.name.quoted) must be one word")
                }
                labels[member.name] = member.value
            }
            return labels
        }
    }
}

extension DocumentValue where Value == [String] {
    /// Architectures, or `all`.
    static var architectures: Self {
        let one = DocumentValue<String>(.text("an architecture", pattern: "^[a-z0-9]+$")) {
            (node, name) throws(DocumentError) in
            let text = try node.text(name)
            if text != "all" { try SpecArchitecture.check(text, at: node.mark) }
            return text
        }
        let list = Self.conditional(one, "item")
        return Self(list.shape) { (node, name) throws(DocumentError) in
            let names = try list.read(node, name)
            guard names.count <= 1 || !names.contains("all") else {
                throw DocumentError(at: node.mark, "'all' stands alone: such a package is the same everywhere")
            }
            return names
        }
    }
}

extension DocumentValue where Value == [SplitSpec] {
    /// The key `split`.
    static func splits(_ file: FilePath) -> Self {
        SplitKeys.table(file).elements(from: SplitKeys(), limit: SpecLimits.variants) {
            (keys, node) throws(DocumentError) in
            guard let name = keys.name, !keys.include.isEmpty else {
                throw DocumentError(at: node.mark, "a split needs name and include, with one glob at least")
            }
            var split = SplitSpec(name.value, place: name.place, include: keys.include)
            (split.summary, split.requires) = (keys.summary, keys.requires)
            return split
        }
    }
}

/// An entry of `split` as it is written.
private struct SplitKeys: Sendable {
    var name: Located<PackageName>?
    var summary: String?
    var requires: [Located<PackageRequest>] = []
    var include: [String] = []

    static func table(_ file: FilePath) -> DocumentTable<SplitKeys> {
        DocumentTable(
            "a split",
            [
                DocumentKey("name", .located(.packageName, in: file), required: true, "Its name.") { $0.name = $1 },
                DocumentKey("description", .line, "What it is. Without this key it is the package's.") {
                    $0.summary = $1
                },
                DocumentKey(
                    "requires", .conditional(.located(.request, in: file), "item"), default: [],
                    "What has to be in an image with it."
                ) { $0.requires = $1 },
                DocumentKey(
                    "include", .conditional(.glob, "item"), required: true,
                    "Globs of what goes into it, and no more into the package."
                ) { $0.include = $1 },
            ])
    }
}
