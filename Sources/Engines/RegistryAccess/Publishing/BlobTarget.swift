package import ImageModel
package import RegistryModel

/// Stores manifests and blobs: a repository of a registry, or an OCI layout.
package protocol BlobTarget: BlobSource, ~Copyable {
    /// Says whether a blob is there.
    mutating func hasBlob(_ blob: Descriptor) throws -> Bool

    /// Stores a blob unless it is there; its digest is checked by whoever stores it.
    ///
    /// - Returns: whether it was stored now.
    mutating func push(_ blob: Descriptor, _ content: BlobContent) throws -> Bool

    /// Stores a manifest or index under a tag, or by its digest alone; what it names must be there before.
    ///
    /// - Returns: its digest.
    mutating func push(manifest bytes: [UInt8], mediaType: String, tag: String?) throws -> Digest
}

extension RegistryClient: BlobTarget {}

extension BlobTarget where Self: ~Copyable {
    /// Stores a blob from memory and describes it.
    mutating func push(_ bytes: [UInt8], _ mediaType: String, digest: Digest) throws -> Descriptor {
        let blob = Descriptor(mediaType: mediaType, digest: digest, size: bytes.count)
        _ = try push(blob, .bytes(bytes))
        return blob
    }

    /// Gives a document that is there already a tag: what machines see changes here, and only here.
    ///
    /// - Throws: as the target.
    package mutating func tag(_ document: ManifestDocument, as tag: String) throws {
        _ = try push(manifest: document.bytes, mediaType: document.mediaType, tag: tag)
    }
}
