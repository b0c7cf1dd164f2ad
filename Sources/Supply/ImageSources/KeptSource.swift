import Cryptography
import ImageModel
import RegistryModel
import ReleaseModel

/// A source that was read before: it is asked for what is not the same any more.
///
/// What is kept counts by its own digest alone, so that a copy which somebody changed is as good as none.
struct KeptSource<Source: BlobSource & ~Copyable>: BlobSource, ~Copyable {
    private var source: Source
    private let top: ManifestDocument?
    private let parts: [Digest: [UInt8]]
    private var used: [[UInt8]] = []

    /// Takes a source with what was read from it the last time.
    ///
    /// - Throws: `CryptographyError`.
    init(_ source: consuming Source, _ copy: ChannelCopy?) throws {
        // All that may fail comes first: a value that cannot be copied is whole or not there.
        let top = try copy.map { copy in
            ManifestDocument(
                mediaType: copy.mediaType, bytes: copy.manifest, digest: try SHA256Hasher.digest(of: copy.manifest))
        }
        let parts = try (copy?.parts ?? []).map { (try SHA256Hasher.digest(of: $0), $0) }
        self.source = source
        self.top = top
        self.parts = Dictionary(parts, uniquingKeysWith: { one, _ in one })
    }

    var traffic: Traffic { source.traffic }

    /// What is to be kept of a document that was read; nil when it is too long.
    func copy(of document: ManifestDocument, at reference: String) -> ChannelCopy? {
        let copy = ChannelCopy(
            reference: reference, mediaType: document.mediaType, manifest: document.bytes, parts: used)
        return copy.isShort ? copy : nil
    }

    mutating func resolve() throws -> ManifestDocument {
        guard let top else { return try source.resolve() }
        return try source.resolve(known: top)
    }

    mutating func manifest(_ digest: Digest) throws -> ManifestDocument { try source.manifest(digest) }

    mutating func manifest(tag: String) throws -> ManifestDocument? { try source.manifest(tag: tag) }

    mutating func referrers(of digest: Digest) throws -> ImageIndex? { try source.referrers(of: digest) }

    mutating func read(
        _ blob: Descriptor, from offset: Int, check: DigestCheck, into sink: (Span<UInt8>) throws -> Void
    ) throws {
        guard offset == 0, blob.size <= ChannelCopy.contentLimit else {
            return try source.read(blob, from: offset, check: check, into: sink)
        }
        var bytes = parts[blob.digest] ?? []
        if bytes.count != blob.size { bytes = try source.bytes(of: blob) }
        used.append(bytes)
        try sink(bytes.span)
    }

    mutating func read(
        _ blob: Descriptor, ranges: [Range<Int>], into sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeAnswer {
        try source.read(blob, ranges: ranges, into: sink)
    }
}
