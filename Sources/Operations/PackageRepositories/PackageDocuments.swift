import Cryptography
import Faults
import ImageModel
import JSONText
package import PackageModel
package import RegistryModel

/// A package as a container image of one layer, or none, that docker, skopeo, umoci and buildah read: the same package
/// makes the same bytes.
package struct PackageDocuments: Equatable, Sendable {
    /// A blob with what it is.
    package struct Blob: Equatable, Sendable {
        /// What it is.
        package var descriptor: Descriptor
        /// Its bytes.
        package var bytes: [UInt8]
    }

    /// Seconds since 1970 that the image says it was made at: builds happen whenever.
    private static let created: Int64 = 0

    /// The image's config; the package's description is in its label.
    package let config: Blob
    /// The image's manifest.
    package let manifest: ManifestDocument
    /// The manifest of what is known besides; nil for nothing.
    package let details: ManifestDocument?
    /// How the index of a repository names it.
    package let entry: RepositoryPackage

    /// Makes the documents of a package.
    ///
    /// - Parameter annotations: those of the manifest; a published package has none.
    /// - Throws: `CryptographyError`; `PackageRepositoryError` for a description that is too long.
    package init(_ package: BuiltPackage, annotations: [String: String] = [:]) throws {
        config = try Self.config(package)
        let layers = package.layer.map { layer in
            [Descriptor(mediaType: MediaType.layer, digest: layer.digest, size: layer.size)]
        }
        manifest = try Self.document(
            ImageManifest(
                artifactType: MediaType.package, config: config.descriptor, layers: layers ?? [],
                annotations: annotations))
        details = try package.details.isEmpty ? nil : Self.details(package.details, about: manifest)
        var entry = RepositoryPackage(
            package.metadata, manifest: manifest.digest, layer: package.layer?.digest,
            size: Int64(package.layer?.size ?? 0), installedSize: package.installedSize)
        entry.details = details?.digest
        entry.buildKey = package.buildKey
        self.entry = entry
    }

    private static func config(_ package: BuiltPackage) throws -> Blob {
        let text = JSONValue.object(package.metadata.json).serialized()
        guard text.count <= PackageMetadata.sizeLimit else {
            throw PackageRepositoryError(
                .package, "describing", "\(package.metadata.name)",
                cause: "its description has \(text.count) bytes, more than \(PackageMetadata.sizeLimit)",
                remedy: "Shorten it.")
        }
        let config = ContainerConfig(
            architecture: package.metadata.architecture, created: UTCTime(seconds: created),
            diffIDs: package.layer.map { [$0.diffID] } ?? [],
            labels: [PackageMetadata.label: String(decoding: text, as: UTF8.self)])
        return try blob(config.serialized(), MediaType.containerConfig)
    }

    private static func details(
        _ details: [BuiltPackage.Detail], about manifest: ManifestDocument
    ) throws -> ManifestDocument {
        let layers = details.map { detail in
            var layer = Descriptor(mediaType: detail.mediaType, digest: detail.digest, size: detail.size)
            layer.annotations[MediaType.title] = detail.title
            return layer
        }
        var artifact = ImageManifest(
            artifactType: MediaType.packageDetails, config: try emptyConfig().descriptor, layers: layers)
        artifact.subject = Descriptor(
            mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.bytes.count)
        return try document(artifact)
    }

    /// The config of an artifact that needs none.
    package static func emptyConfig() throws -> Blob { try blob(Array("{}".utf8), MediaType.empty) }

    private static func blob(_ bytes: [UInt8], _ mediaType: String) throws -> Blob {
        Blob(
            descriptor: Descriptor(
                mediaType: mediaType, digest: try SHA256Hasher.digest(of: bytes), size: bytes.count), bytes: bytes)
    }

    private static func document(_ manifest: ImageManifest) throws -> ManifestDocument {
        let bytes = manifest.serialized()
        return ManifestDocument(
            mediaType: manifest.mediaType, bytes: bytes, digest: try SHA256Hasher.digest(of: bytes))
    }
}
