import Cryptography
package import ImageModel
import LinuxSystem
package import RegistryModel
import SystemPackage

/// Gives an image from a folder, an archive or a medium, without unpacking or mounting anything.
package struct LocalSource: BlobSource, ~Copyable {
    /// Nothing is moved over a network.
    package let traffic = Traffic()

    private let content: LocalContent
    private let subject: String

    init(_ content: LocalContent, subject: String) {
        self.content = content
        self.subject = subject
    }

    /// The document that the reference named when the source was opened.
    package mutating func resolve() throws -> ManifestDocument { content.top }

    /// Reads a manifest by digest.
    ///
    /// - Throws: `RegistryError` when it is missing or not what its digest says.
    package mutating func manifest(_ digest: Digest) throws -> ManifestDocument {
        try content.manifest(digest, named: subject)
    }

    /// Reads a manifest by the name that it has in an OCI layout; nil when nothing has the name.
    package mutating func manifest(tag: String) throws -> ManifestDocument? { try content.manifest(tag: tag) }

    /// Lists what an OCI layout has about a document; nil for sources that are no layout.
    package mutating func referrers(of digest: Digest) throws -> ImageIndex? {
        guard case .layout(let layout) = content.store else { return nil }
        return try layout.referrers(of: digest)
    }

    /// Streams a blob from an offset to its end; from 0 on its digest is checked.
    ///
    /// - Throws: `RegistryError` when it is missing or not what its descriptor says, `SystemError` when it cannot be read.
    package mutating func read(
        _ blob: Descriptor, from offset: Int, check: DigestCheck, into sink: (Span<UInt8>) throws -> Void
    ) throws {
        let file = try file(of: blob)
        let range = max(0, min(offset, blob.size))..<blob.size
        guard offset == 0, check == .bySource else { return try file.read(range) { _, bytes in try sink(bytes) } }
        var hasher = try SHA256Hasher()
        try file.read(range) { _, bytes in
            try hasher.update(bytes)
            try sink(bytes)
        }
        guard try hasher.finish() == blob.digest else {
            throw RegistryError.damaged(file.path, "a part does not have the digest \(blob.digest.registryText)")
        }
    }

    /// Streams ranges of a blob in order; a local source always can.
    ///
    /// - Throws: as `read`; digests are not checked.
    package mutating func read(
        _ blob: Descriptor, ranges: [Range<Int>], into sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeAnswer {
        let file = try file(of: blob)
        for range in ranges { try file.read(range.clamped(to: 0..<blob.size), into: sink) }
        return .complete
    }

    private func file(of blob: Descriptor) throws -> FileContent {
        guard let file = try content.blob(blob.digest) else {
            throw RegistryError.source(
                .notFound, subject, "it holds no \(blob.title ?? "content") \(blob.digest.registryText)",
                remedy: "Copy the image again with everything it consists of (skopeo copy --all).")
        }
        guard file.size == blob.size else {
            let name = blob.title ?? blob.digest.registryText
            throw RegistryError.damaged(file.path, "\(name) has \(file.size) bytes, \(blob.size) were expected")
        }
        return file
    }
}

/// Holds what a local source found for one reference: the document it names, and where blobs lie.
struct LocalContent {
    /// The document that the reference names.
    var top: ManifestDocument
    /// What gives blobs and further documents.
    var store: Store

    /// Where blobs come from.
    enum Store {
        /// An OCI layout with its index.
        case layout(LayoutFolder)
        /// Documents and blobs that were put together from something else.
        case collected(documents: [Digest: ManifestDocument], blobs: [Digest: FileContent])
    }

    /// Where a blob's bytes lie; nil when there is no such blob.
    func blob(_ digest: Digest) throws -> FileContent? {
        switch store {
        case .layout(let layout): try layout.blob(digest)
        case .collected(_, let blobs): blobs[digest]
        }
    }

    /// A manifest by digest.
    func manifest(_ digest: Digest, named subject: String) throws -> ManifestDocument {
        if top.digest == digest { return top }
        let found: ManifestDocument? =
            switch store {
            case .layout(let layout): try layout.document(digest, among: top)
            case .collected(let documents, _): documents[digest]
            }
        guard let found else {
            throw RegistryError.source(
                .notFound, subject, "it holds no document \(digest.registryText)",
                remedy: "Copy the image again with everything it consists of (skopeo copy --all).")
        }
        return found
    }

    /// A manifest by tag; nil when there is no such tag.
    func manifest(tag: String) throws -> ManifestDocument? {
        guard case .layout(let layout) = store, let entry = try layout.index.entry(tag: tag) else { return nil }
        return try layout.document(entry)
    }
}
