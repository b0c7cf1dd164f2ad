import ArgumentParser
import CommandOutput
import ImageModel
import JSONText
import PackageModel
import PackageRepositories
import RegistryModel
import SystemPackage

/// Makes a repository on the disk: `boatyard repository create`.
struct RepositoryCreateCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Put packages into an OCI layout, to be published.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Takes what 'boatyard package build' has made of a layer: all of it has to be in the cache. Or folders \
        with NAME.tar.gz and NAME.json for each package (the JSON alone for one without files), and single \
        packages by --package and --metadata. The layout has exactly these packages then, and its index has no \
        signature. The same packages make the same bytes.
        """,
        statuses: [
            0: "made",
            2: "not made, the layout is as it was",
        ],
        examples: [
            "Put the packages of this layer into a layout":
                "boatyard repository create -o layout"
        ])

    @Argument(
        help: ArgumentHelp("Folders with packages, instead of a layer.", valueName: "dir"), completion: .directory)
    var folders: [String] = []
    @Option(
        help: ArgumentHelp("The files of a package, .tar.gz; --metadata belongs to it.", valueName: "file"),
        completion: .file())
    var package: [String] = []
    @Option(help: ArgumentHelp("The description of a package, JSON.", valueName: "file"), completion: .file())
    var metadata: [String] = []
    @Option(help: ArgumentHelp("The repository's name (default: the layer's).", valueName: "name"))
    var name: String?
    @Option(name: [.short, .long], help: ArgumentHelp("The layout to make.", valueName: "dir"), completion: .directory)
    var output: String
    @OptionGroup(title: "Which layer")
    var layer: LayerOptions
    @Flag(help: "Say what would be done, but write nothing.")
    var dryRun = false
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func validate() throws {
        if let name, !ManifestText.isName(name) {
            throw ValidationError("--name takes letters, digits, '.', '_' and '-'")
        }
        if package.count != metadata.count { throw ValidationError("--package and --metadata belong together") }
        if !isLayer, name == nil { throw ValidationError("--name is needed where the packages are not of a layer") }
    }

    private var isLayer: Bool { folders.isEmpty && package.isEmpty }

    func perform(_ output: Output) throws {
        var (packages, name) = isLayer ? try LayerPackages.all(of: layer.session(output)) : ([], "")
        packages += try folders.flatMap { try PackageFile.all(in: FilePath($0)) }
        for (layer, description) in zip(package, metadata) {
            packages.append(try PackageFile.read(layer: FilePath(layer), metadata: FilePath(description)))
        }
        name = self.name ?? name
        let names = packages.map { "\($0.metadata.name) \($0.metadata.version) \($0.metadata.architecture)" }.sorted()
        if dryRun {
            return output.plan("repository create", ["packages": .strings(names)], lines: names)
        }
        let created = try RepositoryCreator.create(packages, named: name, in: FilePath(self.output)) {
            output.report($0)
        }
        output.end(
            OperationResult(
                "repository create", changed: created.stored > 0,
                "\(self.output) has \(created.packages.count) packages.",
                details: [
                    "digest": .string(created.digest.registryText),
                    "packages": .array(created.packages.map { .object($0.members) }),
                ]),
            lines: ["oci:\(self.output)@\(created.digest.registryText)"])
    }
}

extension RepositoryPackage {
    /// The members of a document about a package.
    var members: JSONObject {
        var members = metadata.json
        members["manifest"] = .string(manifest.registryText)
        members["layer"] = layer.map { .string($0.registryText) } ?? .null
        members["size"] = .integer(size)
        members["installed"] = .integer(installedSize)
        members["details"] = details.map { .string($0.registryText) } ?? .null
        members["buildKey"] = buildKey.map { .string($0) } ?? .null
        return members
    }
}
