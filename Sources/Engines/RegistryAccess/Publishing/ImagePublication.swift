import Faults
import ImageModel
package import RegistryModel

extension BlobTarget where Self: ~Copyable {
    /// Stores an image's files and its manifest, by digest alone.
    ///
    /// - Parameter report: is told before each file.
    /// - Throws: as the target; `corrupted` when a file is not what the manifest says.
    package mutating func store(
        _ image: PublishableImage, report: (TransferProgress) -> Void
    ) throws -> ManifestDocument {
        let artifact = try ImageManifest(parsing: image.document)
        for blob in [artifact.config] + artifact.layers {
            guard let content = image.blobs[blob.digest] else { continue }
            report(TransferProgress("pushing \(blob.title ?? "manifest")", done: 0, total: blob.size))
            _ = try push(blob, .file(content.path))
        }
        _ = try push(manifest: image.document.bytes, mediaType: image.document.mediaType, tag: nil)
        return image.document
    }

    /// Copies a container image from a source and describes it with its platform, for an index.
    ///
    /// - Parameter architecture: which one is taken when the source has several; a single one must be of it.
    /// - Throws: as source and target; `RegistryError` (`notFound`) when there is none for the architecture.
    package mutating func storeContainer(
        from source: inout some BlobSource & ~Copyable, architecture: String, report: (TransferProgress) -> Void
    ) throws -> Descriptor {
        let document = try Self.container(in: &source, architecture: architecture)
        let manifest = try ImageManifest(parsing: document)
        for blob in [manifest.config] + manifest.layers {
            report(TransferProgress("copying \(blob.digest.hex.prefix(12))", done: 0, total: blob.size))
            _ = try copy(blob, from: &source)
        }
        guard manifest.config.size <= ContainerConfig.maximumLength else { throw Self.noContainer(architecture, []) }
        let config = try ContainerConfig(parsing: try source.bytes(of: manifest.config))
        guard config.architecture == architecture, config.operatingSystem == "linux" else {
            throw Self.noContainer(architecture, ["\(config.operatingSystem)/\(config.architecture)"])
        }
        _ = try push(manifest: document.bytes, mediaType: document.mediaType, tag: nil)
        var entry = Descriptor(mediaType: document.mediaType, digest: document.digest, size: document.bytes.count)
        entry.architecture = architecture
        entry.operatingSystem = "linux"
        return entry
    }

    /// Stores an index of a container image, which docker pulls, and a lifeboot image, which machines prefer.
    package mutating func storeIndex(container: Descriptor, image: PublishableImage) throws -> ManifestDocument {
        let bytes = ImageIndex(manifests: [container, image.descriptor]).serialized()
        let digest = try push(manifest: bytes, mediaType: MediaType.index, tag: nil)
        return ManifestDocument(mediaType: MediaType.index, bytes: bytes, digest: digest)
    }

    /// The container's manifest that a source has for an architecture.
    private static func container(
        in source: inout some BlobSource & ~Copyable, architecture: String
    ) throws -> ManifestDocument {
        let top = try source.resolve()
        guard case .index(var index) = try RegistryDocument(parsing: top) else { return top }
        index.manifests.removeAll { $0.artifactType != nil }
        switch index.choice(architecture: architecture) {
        case .container(let entry), .artifact(let entry): return try source.manifest(entry.digest)
        case .nothing(let available): throw noContainer(architecture, available)
        }
    }

    private static func noContainer(_ architecture: String, _ available: [String]) -> RegistryError {
        RegistryError(
            .notFound, "choosing the container image for", "linux/\(architecture)",
            cause: available.isEmpty ? "there is none" : "there is only \(available.joined(separator: ", "))",
            remedy: "Name a container image of the same architecture as the lifeboot image.")
    }
}
