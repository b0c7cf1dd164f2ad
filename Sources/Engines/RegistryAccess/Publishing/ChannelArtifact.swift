package import Cryptography
package import RegistryModel

/// Reads and stores a channel as an artifact: the signed document, and `channel.sig` beside it in the format of
/// `manifest.sig`.
package enum ChannelArtifact {
    /// What kind of artifact it is.
    static let kind = SignedArtifact(
        type: MediaType.channel, documentType: MediaType.channelDocument, documentTitle: "channel.json",
        signatureTitle: "channel.sig", maximumLength: 1 << 20, name: "channel",
        remedy: "Publish the channel with 'boatyard channel publish', or name an image instead.")

    /// Reads the document that a reference resolved to, and says who signed it.
    ///
    /// - Returns: the document's bytes, unparsed: nothing in them counts before the verdict does.
    /// - Throws: as `SignedArtifact.read`.
    package static func read(
        _ top: ManifestDocument, from source: inout some BlobSource & ~Copyable, check: SignatureCheck
    ) throws -> (bytes: [UInt8], verdict: SignatureVerdict) {
        try kind.read(top, from: &source, check: check)
    }
}

extension BlobTarget where Self: ~Copyable {
    /// Stores a channel's document with its signature, by digest alone.
    ///
    /// - Throws: as the target, and `CryptographyError`.
    package mutating func storeChannel(
        _ document: [UInt8], signedWith key: borrowing SigningKey
    ) throws -> ManifestDocument {
        let parts = try ChannelArtifact.kind.parts(of: document, signatures: [try key.sign(document)])
        for part in parts.layers + [parts.config] { _ = try push(part.blob, .bytes(part.bytes)) }
        _ = try push(manifest: parts.manifest.bytes, mediaType: parts.manifest.mediaType, tag: nil)
        return parts.manifest
    }
}
