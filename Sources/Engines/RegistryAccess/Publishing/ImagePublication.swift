package import Cryptography
import Faults
import ImageModel
import JSONText
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
            _ = try BlobSpool.copy(blob, from: &source, to: &self)
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

extension BlobTarget where Self: ~Copyable {
    /// Signs a document in cosign's key-based format; signatures of others stay.
    ///
    /// - Parameter name: `host/repository`, written into the payload for people; it says nothing about trust.
    /// - Returns: false when the key had signed the document before; then nothing changes.
    /// - Throws: as the target, and `CryptographyError`.
    package mutating func sign(
        _ document: ManifestDocument, named name: String, with key: borrowing SigningKey
    ) throws -> Bool {
        let own = TrustedKey(name: "own", key: try key.publicKey())
        let verdict = try SignatureCheck(keys: [own]).verdict(for: document, in: &self, acceptsImageSignature: false)
        if case .signed = verdict { return false }
        let tag = SimpleSigning.tag(of: document.digest)
        let others = try manifest(tag: tag).map { try ImageManifest(parsing: $0).layers } ?? []
        let payload = SimpleSigning(digest: document.digest, reference: name).serialized()
        var layer = try push(payload, MediaType.simpleSigning, digest: try SHA256Hasher.digest(of: payload))
        layer.annotations[SimpleSigning.annotation] = Base64.encode(try key.sign(payload))
        let config = Self.signatureConfig(others + [layer])
        let configBlob = try push(config, MediaType.containerConfig, digest: try SHA256Hasher.digest(of: config))
        let list = ImageManifest(config: configBlob, layers: others + [layer]).serialized()
        _ = try push(manifest: list, mediaType: MediaType.manifest, tag: tag)
        return true
    }

    /// A config like that of an empty container image, as cosign writes it; some registries insist on one.
    private static func signatureConfig(_ layers: [Descriptor]) -> [UInt8] {
        let rootfs: JSONObject = [
            "type": "layers", "diff_ids": .array(layers.map { .string($0.digest.registryText) }),
        ]
        let config: JSONObject = [
            "architecture": "", "created": "0001-01-01T00:00:00Z", "os": "", "rootfs": .object(rootfs), "config": [:],
        ]
        return JSONValue.object(config).serialized()
    }
}
