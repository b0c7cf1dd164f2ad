import ArgumentParser
import CommandOutput
import ImageModel
import JSONText
import LinuxSystem
import PackageBuilding
import PackageTrees
import RegistryModel
import SystemPackage
import TreeModel

/// Takes files out of a container image: `boatyard package extract`.
struct PackageExtractCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Take files out of a container image, without a container.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Writes a folder that a package can name under 'artefact.files'. Owners are kept as far as whoever runs \
        this may set them.
        """,
        statuses: [
            0: "written",
            2: "it could not be",
        ],
        examples: [
            "Unpack a package":
                "boatyard package extract app/tide -o tree"
        ])

    @Argument(help: ArgumentHelp("The image.", valueName: "reference"))
    var reference: String
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The folder, which must not be there.", valueName: "dir"),
        completion: .directory)
    var output: String
    @Option(
        help: ArgumentHelp(
            "What is taken: paths with *, ? and ** (default: everything). As often as needed.", valueName: "glob"))
    var include: [String] = []
    @Option(help: ArgumentHelp("What is not taken. As often as needed.", valueName: "glob"))
    var exclude: [String] = []
    @Option(
        help: ArgumentHelp("A folder of the image that becomes the root; globs mean paths in it.", valueName: "path"),
        completion: .file())
    var directory = "/"
    @Flag(help: "Ask nobody over a network: use what the cache has.")
    var offline = false
    @OptionGroup(title: "Which cache")
    var cache: CacheOptions
    @OptionGroup(title: "How registries are reached")
    var registry: RegistryOptions
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func perform(_ output: Output) throws {
        guard let folder = EntryPath(normalizing: directory.utf8) else {
            throw ValidationError("--directory takes a path of the image")
        }
        let section = ArtefactSection(
            include: try include.map { try PathGlob(parsing: $0) },
            exclude: try exclude.map { try PathGlob(parsing: $0) })
        let images = BaseImages(
            try BuildCache(cache.folder()), registry.configuration(), isOffline: offline)
        let target = FilePath(self.output)
        let result = try ImageExtraction(images, section, below: folder)
            .write(SourceReference(parsing: reference), to: target) { output.report($0) }
        for note in result.notes { output.note(note) }
        output.end(
            OperationResult(
                "package extract", changed: true,
                "\(target) has \(result.count) files and folders of \(result.digest.registryText).",
                details: ["digest": .string(result.digest.registryText), "count": .integer(Int64(result.count))]))
    }
}
