import ArgumentParser
import CommandOutput
import ImageModel
import RegistryAccess
import RegistryModel
import ReleaseModel
import SystemPackage

/// Adds a release to a channel: `boatyard channel add`.
struct ChannelAddCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a published image to a channel as a release, or change the one that is there.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        The registry is asked what the reference names now, and the release is pinned to that digest. Version \
        and sequence are those of the image; a container image without a lifeboot image needs --version and \
        --sequence. A release of the same sequence is replaced, also one that was withdrawn. An image in a \
        layout is looked for where the channel is: publish the channel into the same layout ('boatyard serve').
        """,
        statuses: [
            0: "added",
            2: "not added, the file is as it was",
        ],
        examples: [
            "Offer a release to a tenth of the machines":
                "boatyard channel add stable.json oci://registry.example/os:2 --rollout 10"
        ])

    @Argument(help: ArgumentHelp("The channel's document.", valueName: "file"), completion: .file())
    var channel: String
    @Argument(
        help: ArgumentHelp(
            "The image: oci://host/repository:tag, or oci:PATH:NAME in a layout.", valueName: "reference"))
    var image: String
    @Option(help: "Version (default: the image's).")
    var version: String?
    @Option(help: "The number that grows with each release (default: the image's).")
    var sequence: Int64?
    @Option(help: ArgumentHelp("Percent of the machines that get it.", valueName: "percent"))
    var rollout = 100
    @Option(
        name: .customLong("minimum-sequence"),
        help: ArgumentHelp("The oldest sequence that can be upgraded to it directly.", valueName: "number"))
    var minimum: Int64?
    @Option(help: "What is new, for people.")
    var notes: String?
    @Flag(help: "It mends something that should not wait.")
    var critical = false
    @OptionGroup(title: "How registries are reached")
    var registry: RegistryOptions

    func validate() throws {
        guard (0...100).contains(rollout) else { throw ValidationError("--rollout takes 0 to 100") }
        if let version, !ManifestText.isVersion(version) {
            throw ValidationError("--version takes letters, digits and '._-+~:', at most 128")
        }
        for (name, value) in [("--sequence", sequence), ("--minimum-sequence", minimum)] {
            if let value, value < 0 { throw ValidationError("\(name) takes a number from 0 on") }
        }
    }

    func perform(_ output: Output) throws {
        var document = try ChannelFile.read(FilePath(channel))
        let release = try release()
        let change = document.add(release)
        try ChannelFile.replace(document, at: FilePath(channel))
        change.remarks.forEach(output.warn)
        if release.reference == nil {
            output.note(
                "\(release.version) is looked for where the channel is: publish \(document.name) into the same layout")
        }
        output.print(["\(release.version) \(release.sequence) \(release.digest.registryText)"])
    }

    private func release() throws -> ChannelRelease {
        let reference = try SourceReference(typed: image)
        let repository: String?
        switch reference {
        case .registry(let image): repository = "oci://\(image.name)"
        // A layout has no name that machines know it by: none stands for the channel's own repository.
        case .layout: repository = nil
        default:
            throw ValidationError(
                "'\(image)': machines follow a registry, oci://host/repository:tag, or a layout, oci:PATH:NAME")
        }
        var source = try AnySource(opening: reference, registry.configuration(), userAgent: "boatyard")
        let document = try source.resolve()
        let manifest = try PublishedImage.manifest(document, in: &source)
        guard let version = version ?? manifest?.version, let sequence = sequence ?? manifest?.sequence else {
            throw ValidationError("\(reference) is a container image; give --version and --sequence")
        }
        var release = ChannelRelease(version: version, sequence: sequence, digest: document.digest)
        release.reference = repository
        release.notes = notes
        release.rollout = rollout
        release.minimumSequence = minimum
        release.isCritical = critical
        return release
    }
}

/// Reads what a published lifeboot image says of itself.
enum PublishedImage {
    /// The manifest of the first lifeboot image that a document is or lists; nil when there is none.
    static func manifest(
        _ document: ManifestDocument, in source: inout some BlobSource & ~Copyable
    ) throws -> Manifest? {
        guard let artifact = try artifact(document, in: &source) else { return nil }
        let files = try ArtifactFiles(artifact)
        return try Manifest(parsing: try source.bytes(of: files.manifest))
    }

    private static func artifact(
        _ document: ManifestDocument, in source: inout some BlobSource & ~Copyable
    ) throws -> ImageManifest? {
        switch try RegistryDocument(parsing: document) {
        case .manifest(let manifest): return manifest.isLifebootImage ? manifest : nil
        case .index(let index):
            let entry = index.manifests.first { $0.artifactType == MediaType.image }
            return try entry.map { try ImageManifest(parsing: try source.manifest($0.digest)) }
        }
    }
}
