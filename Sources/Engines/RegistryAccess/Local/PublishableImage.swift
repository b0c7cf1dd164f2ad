import Cryptography
package import ImageModel
import LinuxSystem
package import RegistryModel
package import SystemPackage

/// Makes the OCI artifact out of an image directory: equal directories give equal artifacts.
package struct PublishableImage: Sendable {
    /// What the image is.
    package let manifest: Manifest
    /// The artifact's manifest.
    package let document: ManifestDocument
    /// Where the blobs of its descriptors lie, `manifest.json` included.
    package let blobs: [Digest: FileContent]

    /// Describes a folder with an image; only the small files are read.
    ///
    /// - Throws: `RegistryError` when a file is missing or has another size than the manifest says, `ManifestError` when the
    ///   manifest is malformed, `SystemError` when something cannot be read.
    package init(directory: FilePath) throws { try self.init(FileCatalog(folder: directory)) }

    init(_ catalog: FileCatalog) throws {
        let files = try PublishableImage.files(catalog)
        guard let file = files[.manifest] else { throw PublishableImage.missing(.manifest, in: catalog) }
        let bytes = try file.bytes(limit: ImageFile.manifest.sizeLimit)
        manifest = try Manifest(parsing: bytes)
        var config = Descriptor(
            mediaType: MediaType.imageConfig, digest: try SHA256Hasher.digest(of: bytes), size: bytes.count)
        config.annotations[MediaType.title] = ImageFile.manifest.rawValue
        var blobs = [config.digest: file]
        var layers: [Descriptor] = []
        for name in ImageFile.published where name != .manifest {
            guard let file = files[name] else { continue }
            let layer = try Self.layer(name, file, of: manifest)
            layers.append(layer)
            blobs[layer.digest] = file
        }
        for (number, patch) in manifest.patches.enumerated() {
            let name = Manifest.Patch.name(number)
            // Without it machines fetch what differs.
            guard let file = try catalog.file(name), file.size == patch.file.size else { continue }
            var layer = Descriptor(mediaType: MediaType.imageFile, digest: patch.file.sha256, size: file.size)
            layer.annotations[MediaType.title] = name
            layers.append(layer)
            blobs[layer.digest] = file
        }
        for name in ImageDocument.allCases {
            // What the manifest does not name is nobody's word.
            guard let digest = manifest.digest(of: name), let file = try catalog.file(name.rawValue) else { continue }
            var layer = Descriptor(mediaType: name.mediaType, digest: digest, size: file.size)
            layer.annotations[MediaType.title] = name.rawValue
            layers.append(layer)
            blobs[digest] = file
        }
        self.blobs = blobs
        let bytesOfArtifact = Self.artifact(manifest, config, layers).serialized()
        document = ManifestDocument(
            mediaType: MediaType.manifest, bytes: bytesOfArtifact, digest: try SHA256Hasher.digest(of: bytesOfArtifact))
    }

    /// Whether `manifest.sig` is there, by whomever.
    package var isSigned: Bool { (try? ArtifactFiles(ImageManifest(parsing: document)))?.files[.signature] != nil }

    /// The artifact's manifest as a descriptor, for an index.
    package var descriptor: Descriptor {
        var descriptor = Descriptor(
            mediaType: document.mediaType, digest: document.digest, size: document.bytes.count)
        descriptor.artifactType = MediaType.image
        descriptor.architecture = manifest.architecture
        descriptor.operatingSystem = "linux"
        return descriptor
    }

    /// The published files that are there; those without which nothing boots must be.
    private static func files(_ catalog: FileCatalog) throws -> [ImageFile: FileContent] {
        var files: [ImageFile: FileContent] = [:]
        for name in ImageFile.published { files[name] = try catalog.file(name.rawValue) }
        for name in ImageFile.booted + [.manifest] where files[name] == nil { throw missing(name, in: catalog) }
        return files
    }

    private static func missing(_ file: ImageFile, in catalog: FileCatalog) -> RegistryError {
        .unsuitable(
            catalog.origin, "\(file.rawValue) is missing, so it holds no whole image",
            remedy: "Name the folder that 'boatyard image build' made.")
    }

    /// Describes a file: with the digest that the manifest has for it, else with its own.
    private static func layer(_ name: ImageFile, _ content: FileContent, of manifest: Manifest) throws -> Descriptor {
        let known = manifest.file(name)
        if let known, known.size != content.size {
            throw RegistryError.damaged(
                content.path, "\(name.rawValue) has \(content.size) bytes, the manifest says \(known.size)")
        }
        let digest = try known?.sha256 ?? content.digest()
        var layer = Descriptor(mediaType: MediaType.imageFile, digest: digest, size: content.size)
        layer.annotations[MediaType.title] = name.rawValue
        return layer
    }

    /// The annotations are what registries show to people (OCI image specification, "Pre-Defined Annotation Keys").
    private static func artifact(_ manifest: Manifest, _ config: Descriptor, _ layers: [Descriptor]) -> ImageManifest {
        ImageManifest(
            artifactType: MediaType.image, config: config, layers: layers,
            annotations: [
                "org.opencontainers.image.title": manifest.name, "org.opencontainers.image.version": manifest.version,
                "org.opencontainers.image.created": manifest.createdAt.description,
            ])
    }
}
