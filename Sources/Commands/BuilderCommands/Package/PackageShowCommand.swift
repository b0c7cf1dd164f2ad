import ArgumentParser
import BuildPlanning
import CommandOutput
import JSONText
import PackageBuilding
import PackageModel
import PackageSpecs

/// Lists the packages of a layer, or says what is known of one: `boatyard package show`.
struct PackageShowCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "List the packages of a layer, or say what is known of some.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Nothing is built.
        """,
        statuses: [
            0: "shown",
            2: "something is wrong in the files",
        ],
        examples: [
            "List the packages of this layer":
                "boatyard package show"
        ])

    @Argument(help: ArgumentHelp("Packages (default: a list of all).", valueName: "category/name"))
    var names: [String] = []
    @OptionGroup(title: "Which layer")
    var layer: LayerOptions
    @Flag(help: "Print JSON.")
    var json = false

    func perform(_ output: Output) throws {
        let session = try layer.session(output)
        let packages = names.isEmpty ? session.specs.packages : try session.packages(named: names)
        let details = packages.map { PackageDetails($0, session) }
        output.show(
            .array(details.map(\.json)),
            lines: names.isEmpty ? details.filter { !$0.package.isHidden }.map(\.line) : details.flatMap(\.lines))
    }
}

/// What is known of a package of a layer.
struct PackageDetails {
    let package: PackageSpec
    /// What its last build gave; nil when there was none here.
    private let record: BuildRecord?
    private let base: [PackageMetadata]

    init(_ package: PackageSpec, _ session: LayerSession) {
        self.package = package
        record = session.cache.lastRecord(of: package.name)
        base = (try? session.graph.base(of: package)) ?? []
    }

    /// One line for a list.
    var line: String { package.summary.isEmpty ? package.identity : "\(package.identity)  \(package.summary)" }

    /// All that is known, a line each.
    var lines: [String] {
        let fields: [(String, String?)] = [
            ("description", package.summary.isEmpty ? nil : package.summary), ("license", package.license),
            ("homepage", package.homepage), ("file", "\(package.place)"),
            ("requires", Self.list(package.requires.map { "\($0.value)" })),
            ("conflicts", Self.list(package.conflicts.map { "\($0.value)" })),
            ("provides", Self.list(package.provides.map { "\($0.value)" })),
            ("built on", Self.list(package.images.map { "\($0)" } + base.map(\.identity))),
            ("also gives", Self.list(package.splits.map { "\($0.name)" })),
            ("last build", record.map { "\($0.outputs.first?.installedSize ?? 0) bytes of files" } ?? "none here"),
        ]
        return [package.identity] + fields.compactMap { name, value in value.map { "  \(name): \($0)" } }
    }

    private static func list(_ items: [String]) -> String? { items.isEmpty ? nil : items.joined(separator: ", ") }

    /// The same for programs: what the package says of itself, and its last build.
    var json: JSONValue {
        var object = package.metadata.json
        object["file"] = .string("\(package.place)")
        object["base"] = .array(base.map { .string($0.identity) })
        object["splits"] = .array(package.splits.map { .string("\($0.name)") })
        object["installed"] = record?.outputs.first.map { .integer($0.installedSize) } ?? .null
        return .object(object)
    }
}
