package import ImageModel

/// A manifest or index as it was received; the digest is that of the bytes.
package struct ManifestDocument: Equatable, Sendable {
    /// What kind of document it is.
    package var mediaType: String
    /// The document, unchanged.
    package var bytes: [UInt8]
    /// SHA-256 of the bytes.
    package var digest: Digest

    /// Pairs a document with its type and digest.
    package init(mediaType: String, bytes: [UInt8], digest: Digest) {
        self.mediaType = mediaType
        self.bytes = bytes
        self.digest = digest
    }
}

/// What was moved over the network so far.
package struct Traffic: Equatable, Sendable {
    /// Requests sent, retries and tokens included.
    package var requests = 0
    /// Bytes of bodies received, what was thrown away included.
    package var bytesReceived = 0

    /// Starts at nothing.
    package init() {}
}

/// Whether a source gave the ranges that were asked for.
package enum RangeAnswer: Equatable, Sendable {
    /// All were delivered.
    case complete
    /// The source has no ranges (it answered 200, 416, 501 or the like); none or some were delivered.
    case unsupported
}

/// Who compares the digest of a blob that is streamed whole.
package enum DigestCheck: Equatable, Sendable {
    /// The source, after the last byte.
    case bySource
    /// The receiver, which has digests of its own: those of an image's chunks.
    case byReceiver
}

/// Gives manifests and blobs by digest: a registry, an OCI layout, a folder with an image.
///
/// A source is made for one reference. `resolve` is asked once; from then on everything goes by digest, so that nobody can
/// change what is installed between the check and the use.
package protocol BlobSource: ~Copyable {
    /// What was moved so far.
    var traffic: Traffic { get }

    /// Reads the document that the reference names at this moment.
    ///
    /// - Throws: the error of the source when there is none or it does not have the digest that the reference names.
    mutating func resolve() throws -> ManifestDocument

    /// The same for who has read the reference before: nothing is sent when it still names that document.
    ///
    /// - Parameter known: what it named then.
    mutating func resolve(known: ManifestDocument) throws -> ManifestDocument

    /// Reads a manifest of the same repository by digest, checked.
    mutating func manifest(_ digest: Digest) throws -> ManifestDocument

    /// Reads a manifest of the same repository by tag; nil when the source answers that there is none.
    ///
    /// - Throws: for every other answer: "could not ask" is not "none".
    mutating func manifest(tag: String) throws -> ManifestDocument?

    /// Lists the documents that are about another one: its signatures, its contents (distribution specification, "Listing
    /// Referrers"); nil when the source answers that it keeps no such list, which may be under a tag then.
    ///
    /// - Throws: for every other answer.
    mutating func referrers(of digest: Digest) throws -> ImageIndex?

    /// Streams a blob in order from a byte offset to its end.
    ///
    /// The source never delivers more bytes than the descriptor's size. It checks neither length nor digest of what was
    /// streamed when `offset` is not 0; with 0 it throws after the last byte when the digest does not match, unless the
    /// receiver checks. It goes on where it stopped when a connection breaks.
    ///
    /// - Parameter sink: takes the next bytes; an error that it throws ends the transfer and is thrown on.
    mutating func read(
        _ blob: Descriptor, from offset: Int, check: DigestCheck, into sink: (Span<UInt8>) throws -> Void
    ) throws

    /// Streams ranges of a blob, several at once; pieces arrive in any order, each at its place.
    ///
    /// - Parameters:
    ///   - ranges: sorted, not empty, not touching, inside the blob.
    ///   - sink: takes bytes and their offset in the blob; an error that it throws ends the transfer and is thrown on.
    /// - Returns: `.unsupported` when the source cannot give ranges; what was delivered until then is valid data.
    mutating func read(
        _ blob: Descriptor, ranges: [Range<Int>], into sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeAnswer
}

extension BlobSource where Self: ~Copyable {
    /// Where reading costs nothing, everything is read.
    package mutating func resolve(known: ManifestDocument) throws -> ManifestDocument { try resolve() }

    /// Most sources keep no list.
    package mutating func referrers(of digest: Digest) throws -> ImageIndex? { nil }

    /// Streams a blob from a byte offset to its end; the source checks the digest.
    package mutating func read(
        _ blob: Descriptor, from offset: Int, into sink: (Span<UInt8>) throws -> Void
    ) throws {
        try read(blob, from: offset, check: .bySource, into: sink)
    }

    /// Reads a whole blob into memory; the source checks the digest, the caller has checked the size.
    ///
    /// - Throws: the error of the source.
    package mutating func bytes(of blob: Descriptor) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try read(blob, from: 0) { piece in bytes.append(contentsOf: piece) }
        return bytes
    }
}

extension Array where Element == UInt8 {
    /// Appends the bytes of a span; for documents, which are short.
    package mutating func append(contentsOf span: Span<UInt8>) {
        for index in span.indices { append(span[index]) }
    }
}
