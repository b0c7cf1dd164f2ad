import ArgumentParser
import CommandOutput
import Cryptography
import ImageBuilding
import ImageModel
import RegistryAccess
import RegistryModel
import SystemPackage

/// Publishes an image: `boatyard image publish`.
struct ImagePublishCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Publish an image to a registry, or to an OCI layout.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        The image becomes one OCI artifact (docs/repository.md); files that the registry has are not sent again. \
        With --with-container the tag names an index: docker pulls the container image, machines prefer the \
        lifeboot image. The tag is moved last, after all files and the signature are there.

        Prints the reference by digest.
        """,
        statuses: [
            0: "published",
            2: "not published, the tag is as it was",
        ],
        examples: [
            "Publish an image, signed":
                "boatyard image publish image oci://registry.example/os:2 --key lifeboot.key"
        ])

    @Argument(help: ArgumentHelp("The image's folder.", valueName: "dir"), completion: .directory)
    var image: String
    @Argument(help: ArgumentHelp("oci://host/repository:tag, or oci:PATH:NAME for a layout.", valueName: "destination"))
    var destination: String
    @Option(
        help: ArgumentHelp(
            "Sign it as cosign does, with this private key (\(SigningOptions.keyHelp)).", valueName: "key"))
    var key: String?
    @OptionGroup
    var signing: SigningOptions
    @Option(
        help: ArgumentHelp(
            "A container image to publish with it: oci://…, oci:PATH[:NAME], oci-archive:PATH, docker-archive:PATH.",
            valueName: "source"))
    var withContainer: String?
    @OptionGroup(title: "How registries are reached")
    var registry: RegistryOptions

    func perform(_ output: Output) throws {
        let destination = try Destination(destination)
        let artifact = try PublishableImage(directory: FilePath(image))
        guard artifact.isSigned else {
            throw ImageBuildError(
                "publishing", image, "\(ImageFile.signature.rawValue) is missing, no machine would boot the image",
                remedy: "Build the image with 'boatyard image build'.")
        }
        let document = try publish(artifact, to: destination, output)
        if key == nil {
            output.note("not signed; machines refuse it until 'boatyard sign' has signed it")
        }
        output.print([destination.pinned(document.digest.registryText)])
    }

    /// Files first, then the signature, then the tag.
    private func publish(
        _ artifact: PublishableImage, to destination: Destination, _ output: Output
    ) throws -> ManifestDocument {
        var target = try destination.open(registry.configuration())
        let report: (TransferProgress) -> Void = { output.report($0) }
        var document = try target.store(artifact, report: report)
        if let withContainer {
            var source = try AnySource(
                opening: try SourceReference(typed: withContainer), registry.configuration(), userAgent: "boatyard")
            let container = try target.storeContainer(
                from: &source, architecture: artifact.manifest.architecture, report: report)
            document = try target.storeIndex(container: container, image: artifact)
        }
        if let key {
            _ = try target.sign(document, named: destination.name, with: try signing.key(key))
        }
        try target.tag(document, as: destination.tag)
        return document
    }
}
