package import Cryptography
package import ImageModel
package import RegistryModel

/// What a signed document consists of on its way to a registry or layout.
package struct SignedParts: Sendable {
    /// The document, and the signatures over it; new with every document.
    package var layers: [(blob: Descriptor, bytes: [UInt8])]
    /// The config of an artifact that needs none, which others have as well.
    package var config: (blob: Descriptor, bytes: [UInt8])
    /// The manifest that names them.
    package var manifest: ManifestDocument
}

extension SignedArtifact {
    /// The config of an artifact that needs none.
    static func emptyConfig() throws -> (blob: Descriptor, bytes: [UInt8]) {
        let empty = Array("{}".utf8)
        return (
            Descriptor(mediaType: MediaType.empty, digest: try SHA256Hasher.digest(of: empty), size: empty.count), empty
        )
    }

    /// Makes the parts of an artifact with a document.
    ///
    /// - Parameters:
    ///   - signatures: those over the document's bytes; none for an artifact that is not signed.
    ///   - annotations: those of the manifest.
    ///   - holdsSignatures: whether the manifest holds the signatures as well, which saves readers a request.
    /// - Throws: `CryptographyError`.
    package func parts(
        of document: [UInt8], signatures: [[UInt8]], annotations: [String: String] = [:], holdsSignatures: Bool = false
    ) throws -> SignedParts {
        var layers = [try Self.layer(document, documentType, documentTitle)]
        if !signatures.isEmpty {
            var layer = try Self.layer(
                SignatureFile(signatures: signatures).serialized(), MediaType.signatures, signatureTitle)
            if holdsSignatures { layer.blob.content = layer.bytes }
            layers.append(layer)
        }
        let config = try Self.emptyConfig()
        let bytes = ImageManifest(
            artifactType: type, config: config.blob, layers: layers.map(\.blob), annotations: annotations
        ).serialized()
        let manifest = ManifestDocument(
            mediaType: MediaType.manifest, bytes: bytes, digest: try SHA256Hasher.digest(of: bytes))
        return SignedParts(layers: layers, config: config, manifest: manifest)
    }

    private static func layer(
        _ bytes: [UInt8], _ mediaType: String, _ title: String
    ) throws -> (blob: Descriptor, bytes: [UInt8]) {
        var blob = Descriptor(mediaType: mediaType, digest: try SHA256Hasher.digest(of: bytes), size: bytes.count)
        blob.annotations[MediaType.title] = title
        return (blob, bytes)
    }
}

extension RepositoryTarget where Self: ~Copyable {
    /// Stores the blobs of a document that is new; its manifest is the caller's to store.
    ///
    /// - Parameter hasConfig: whether the config is known to be there.
    /// - Throws: as the target.
    package mutating func storeNew(_ parts: SignedParts, hasConfig: Bool) throws {
        for layer in parts.layers { try pushNew(layer.blob, .bytes(layer.bytes)) }
        if !hasConfig { _ = try push(parts.config.blob, .bytes(parts.config.bytes)) }
    }

    /// Signs a document that nobody can have signed before, in cosign's older form, with as few requests as there can be.
    ///
    /// The list of signatures is an artifact with the empty config, which must be there.
    ///
    /// - Parameter name: `host/repository`, written into the payload for people.
    /// - Throws: as the target, and `CryptographyError`.
    package mutating func signNew(
        _ document: Digest, named name: String, with key: borrowing SigningKey
    ) throws {
        let payload = SimpleSigning(digest: document, reference: name).serialized()
        var layer = Descriptor(
            mediaType: MediaType.simpleSigning, digest: try SHA256Hasher.digest(of: payload), size: payload.count)
        try pushNew(layer, .bytes(payload))
        layer.annotations[SimpleSigning.annotation] = Base64.encode(try key.sign(payload))
        let list = ImageManifest(
            artifactType: SimpleSigning.artifactType, config: try SignedArtifact.emptyConfig().blob, layers: [layer])
        _ = try push(
            manifest: list.serialized(), mediaType: MediaType.manifest, tag: SimpleSigning.tag(of: document))
    }
}
