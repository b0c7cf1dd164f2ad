import Cryptography
import ImageModel
import JSONText
import RegistryModel
import SystemPackage

/// Reads what `docker save` writes: a tar archive whose `manifest.json` lists images with config and layers (Docker image
/// specification 1.2, "Combined Image JSON + Filesystem Changeset Format").
struct DockerArchive {
    private struct Image {
        var config: String
        var tags: [String]
        var layers: [String]
    }

    private let catalog: FileCatalog

    init(_ catalog: FileCatalog) { self.catalog = catalog }

    /// Whether the archive lists images; a root filesystem may have a file of that name, too.
    var isOne: Bool {
        get throws { try catalog.file("manifest.json") != nil && ((try? images())?.isEmpty == false) }
    }

    /// Puts an OCI manifest together for the image that a reference names.
    ///
    /// The layers are uncompressed, hence their digests are those in the config.
    ///
    /// - Throws: `RegistryError` when there is no such image or a part is missing.
    func content(_ reference: SourceReference.Entry) throws -> LocalContent {
        let image = try image(reference)
        let configFile = try file(image.config)
        let bytes = try configFile.bytes(limit: ContainerConfig.maximumLength)
        let config = try ContainerConfig(parsing: bytes)
        guard config.diffIDs.count == image.layers.count else {
            throw RegistryError.damaged(
                catalog.origin, "the image lists \(image.layers.count) layers and its config \(config.diffIDs.count)")
        }
        let configDescriptor = Descriptor(
            mediaType: MediaType.dockerConfig, digest: try SHA256Hasher.digest(of: bytes), size: bytes.count)
        var blobs = [configDescriptor.digest: configFile]
        var layers: [Descriptor] = []
        for (digest, name) in zip(config.diffIDs, image.layers) {
            let layer = try file(name)
            blobs[digest] = layer
            layers.append(Descriptor(mediaType: Self.layerType, digest: digest, size: layer.size))
        }
        let manifest = ImageManifest(config: configDescriptor, layers: layers).serialized()
        let top = ManifestDocument(
            mediaType: MediaType.manifest, bytes: manifest, digest: try SHA256Hasher.digest(of: manifest))
        return LocalContent(top: top, store: .collected(documents: [:], blobs: blobs))
    }

    /// An uncompressed layer (OCI image specification, "Image Layer Filesystem Changeset").
    private static let layerType = "application/vnd.oci.image.layer.v1.tar"

    private func image(_ reference: SourceReference.Entry) throws -> Image {
        let images = try images()
        let found =
            reference.tag.map { tag in images.filter { $0.tags.contains { $0.hasSuffix(":\(tag)") } } } ?? images
        guard reference.digest == nil, found.count == 1, let image = found.first else {
            let tags = images.flatMap(\.tags).prefix(20).map(\.quoted).joined(separator: ", ")
            throw RegistryError.source(
                .notFound, catalog.origin.string,
                "\(found.count) of its \(images.count) images fit; named are \(tags.isEmpty ? "none" : tags)",
                remedy: "Write the tag behind the path; an archive of docker save has no digests to name.")
        }
        return image
    }

    private func images() throws -> [Image] {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: try file("manifest.json").bytes(limit: ImageManifest.maximumLength))
        } catch let error as JSONError {
            throw RegistryError.damaged(catalog.origin, "manifest.json: \(error)")
        }
        return try (value.elements ?? []).map { element in
            guard let config = element["Config"]?.text, let layers = element["Layers"]?.elements else {
                throw RegistryError.damaged(catalog.origin, "manifest.json lists an image without config or layers")
            }
            return Image(
                config: config, tags: (element["RepoTags"]?.elements ?? []).compactMap(\.text),
                layers: layers.compactMap(\.text))
        }
    }

    private func file(_ name: String) throws -> FileContent {
        guard let file = try catalog.file(name) else {
            throw RegistryError.damaged(catalog.origin, "\(name.quoted) is missing")
        }
        return file
    }
}
