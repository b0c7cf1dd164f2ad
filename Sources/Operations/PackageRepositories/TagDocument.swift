import Cryptography
import ImageModel
import PackageModel
import RegistryAccess
import RegistryModel
import RepositoryPlanning

/// The document under the tag of a package's version: the package, or a list of it for several architectures.
enum TagDocument {
    /// Makes the document that says what a tag should.
    ///
    /// - Parameter manifest: gives a package's manifest.
    /// - Throws: what that throws.
    static func document(
        _ content: TagContent, manifest: (Digest) throws -> ManifestDocument
    ) throws -> ManifestDocument {
        let members = try content.ordered.map { ($0.architecture, try manifest($0.manifest)) }
        if members.count == 1, let only = members.first { return only.1 }
        let entries = members.map { architecture, document in
            var entry = Descriptor(
                mediaType: document.mediaType, digest: document.digest, size: document.bytes.count)
            (entry.architecture, entry.operatingSystem) = (architecture, "linux")
            return entry
        }
        let bytes = ImageIndex(manifests: entries).serialized()
        return ManifestDocument(
            mediaType: MediaType.index, bytes: bytes, digest: try SHA256Hasher.digest(of: bytes))
    }

    /// Reads what a tag names now; nil when there is no such tag.
    ///
    /// What is no package counts as one for the architecture that is wanted: it must not be overwritten.
    ///
    /// - Throws: as the source.
    static func present(
        _ tag: String, wanted: TagContent, in source: inout some BlobSource & ~Copyable
    ) throws -> TagContent? {
        guard let document = try source.manifest(tag: tag) else { return nil }
        let foreign = TagContent(wanted.manifests.mapValues { _ in document.digest })
        switch try RegistryDocument(parsing: document) {
        case .index(let list):
            let pairs = list.manifests.compactMap { entry in entry.architecture.map { ($0, entry.digest) } }
            return pairs.count == list.manifests.count
                ? TagContent(Dictionary(pairs, uniquingKeysWith: { one, _ in one })) : foreign
        case .manifest(let manifest):
            if let known = wanted.manifests.first(where: { $0.value == document.digest }) {
                return TagContent([known.key: known.value])
            }
            guard manifest.artifactType == MediaType.package, manifest.config.size <= ContainerConfig.maximumLength
            else { return foreign }
            let config = try ContainerConfig(parsing: try source.bytes(of: manifest.config))
            return TagContent([config.architecture: document.digest])
        }
    }
}
