package import Cryptography
import Faults
import ImageModel
package import RegistryModel

/// Reads and stores a channel as an artifact: the signed document, and `channel.sig` beside it in the format of
/// `manifest.sig`.
package enum ChannelArtifact {
    /// The largest document that is read, in bytes.
    package static let maximumLength = 1 << 20
    /// The title of the layer with the document.
    static let documentTitle = "channel.json"
    /// The title of the layer with the signatures.
    static let signatureTitle = "channel.sig"

    /// Reads the document that a reference resolved to, and says who signed it.
    ///
    /// It is signed when a trusted key made one of the signatures in `channel.sig` over its bytes, or a cosign signature of
    /// the artifact.
    ///
    /// - Returns: the document's bytes, unparsed: nothing in them counts before the verdict does.
    /// - Throws: `RegistryError` (`notFound`) when the reference names no channel, and what keeps the parts from being
    ///   read.
    package static func read(
        _ top: ManifestDocument, from source: inout some BlobSource & ~Copyable, check: SignatureCheck
    ) throws -> (bytes: [UInt8], verdict: SignatureVerdict) {
        let artifact = try artifact(top)
        guard let layer = artifact.layers.first(where: { $0.mediaType == MediaType.channelDocument }),
            layer.size <= maximumLength
        else { throw noChannel("there is no document in it, or one that is too long") }
        let bytes = try source.bytes(of: layer)
        let own = try ownVerdict(artifact, bytes, from: &source, check)
        if case .signed = own { return (bytes, own) }
        let verdict = try check.verdict(for: top, in: &source, acceptsImageSignature: false)
        return (bytes, verdict == .unsigned ? own : verdict)
    }

    private static func artifact(_ top: ManifestDocument) throws -> ImageManifest {
        guard case .manifest(let artifact) = try RegistryDocument(parsing: top) else {
            throw noChannel("it is a list of images")
        }
        guard artifact.artifactType == MediaType.channel else {
            let kind = artifact.artifactType ?? artifact.config.mediaType
            throw noChannel("it is \(kind.quoted)")
        }
        return artifact
    }

    private static func noChannel(_ cause: String) -> RegistryError {
        RegistryError(
            .notFound, "reading the channel", "artifact", cause: cause,
            remedy: "Publish the channel with 'boatyard channel publish', or name an image instead.")
    }

    /// What `channel.sig` says.
    private static func ownVerdict(
        _ artifact: ImageManifest, _ document: [UInt8], from source: inout some BlobSource & ~Copyable,
        _ check: SignatureCheck
    ) throws -> SignatureVerdict {
        guard let layer = artifact.layers.first(where: { $0.mediaType == MediaType.signatures }) else {
            return .unsigned
        }
        guard layer.size <= SignatureCheck.maximumSignatureFile else {
            return .untrusted(reasons: ["\(signatureTitle) is too long"])
        }
        return try check.verdict(try source.bytes(of: layer), over: document, named: signatureTitle)
    }
}

extension BlobTarget where Self: ~Copyable {
    /// Stores a channel's document with its signature, by digest alone.
    ///
    /// - Throws: as the target, and `CryptographyError`.
    package mutating func storeChannel(
        _ document: [UInt8], signedWith key: borrowing SigningKey
    ) throws -> ManifestDocument {
        let signatures = SignatureFile(signatures: [try key.sign(document)]).serialized()
        var layers: [Descriptor] = []
        for (bytes, mediaType, title) in [
            (document, MediaType.channelDocument, ChannelArtifact.documentTitle),
            (signatures, MediaType.signatures, ChannelArtifact.signatureTitle),
        ] {
            var layer = try push(bytes, mediaType, digest: try SHA256Hasher.digest(of: bytes))
            layer.annotations[MediaType.title] = title
            layers.append(layer)
        }
        let empty = Array("{}".utf8)
        let config = try push(empty, MediaType.empty, digest: try SHA256Hasher.digest(of: empty))
        let bytes = ImageManifest(artifactType: MediaType.channel, config: config, layers: layers).serialized()
        let digest = try push(manifest: bytes, mediaType: MediaType.manifest, tag: nil)
        return ManifestDocument(mediaType: MediaType.manifest, bytes: bytes, digest: digest)
    }
}
