import Cryptography
package import ImageModel
import LinuxSystem
package import RegistryModel
import SystemPackage

/// Stores images in an OCI layout, for media and for machines that no registry reaches.
package struct LayoutTarget: BlobTarget, ~Copyable {
    /// Nothing is moved over a network.
    package let traffic = Traffic()

    let folder: FilePath
    private let name: SourceReference.Entry
    /// What got a name and is not in the index yet; nil while every change counts at once.
    var gathered: GatheredContent?

    /// Opens the layout that a reference names, and makes one where there is none.
    ///
    /// - Throws: `SystemError` when it cannot be made, `RegistryModelError` when what is there is malformed.
    package init(_ entry: SourceReference.Entry) throws {
        folder = entry.path
        name = entry
        try Folders.make(folder.appending("blobs/sha256"))
        if try FileStatus.of(folder.appending("oci-layout")) == nil {
            try write(Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), "oci-layout")
        }
        if try FileStatus.of(folder.appending("index.json")) == nil {
            try write(ImageIndex(manifests: []).serialized(), "index.json")
        }
        _ = try layout()
    }

    /// Opens the layout that a reference names, which must be there.
    ///
    /// - Throws: `RegistryError` when there is none, `RegistryModelError` when what is there is malformed.
    package init(existing entry: SourceReference.Entry) throws {
        folder = entry.path
        name = entry
        _ = try layout()
    }

    var catalog: FileCatalog { FileCatalog(folder: folder) }

    func layout() throws -> LayoutFolder { try LayoutFolder(catalog, isLarge: true) }

    func write(_ bytes: [UInt8], _ name: String) throws {
        try AtomicFile.write(bytes, to: folder.appending(name), permissions: Self.fileMode)
    }

    static let fileMode: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]

    /// Says whether a blob is there with the right size.
    package mutating func hasBlob(_ blob: Descriptor) throws -> Bool {
        try catalog.blob(blob.digest)?.size == blob.size
    }

    /// Stores a blob; its digest is checked before it gets its name.
    ///
    /// - Throws: `RegistryError` (`corrupted`) when it has another, `SystemError` when it cannot be written.
    package mutating func push(_ blob: Descriptor, _ content: BlobContent) throws -> Bool {
        if try hasBlob(blob) { return false }
        try pushNew(blob, content)
        return true
    }

    /// Stores a manifest and, with a tag, names it in the index in the place of what had the name.
    package mutating func push(manifest bytes: [UInt8], mediaType: String, tag: String?) throws -> Digest {
        let digest = try SHA256Hasher.digest(of: bytes)
        let entry = Descriptor(mediaType: mediaType, digest: digest, size: bytes.count)
        if try !hasBlob(entry) { try pushNew(entry, .bytes(bytes)) }
        guard let tag else { return digest }
        try name(entry, tag)
        return digest
    }

    /// Reads the document of the name that the reference has.
    package mutating func resolve() throws -> ManifestDocument {
        let layout = try layout()
        return try layout.document(try layout.entry(name))
    }

    /// Reads a manifest by digest.
    package mutating func manifest(_ digest: Digest) throws -> ManifestDocument {
        if let document = try catalog.document(digest) { return document }
        return try content().manifest(digest, named: folder.string)
    }

    /// Reads a manifest by name; nil when nothing has the name.
    package mutating func manifest(tag: String) throws -> ManifestDocument? {
        if let gathered { return try gathered[tag].map { try catalog.document($0) } }
        let layout = try layout()
        return try layout.index.entry(tag: tag).map { try layout.document($0) }
    }

    /// Lists what the layout's index has about a document.
    package mutating func referrers(of digest: Digest) throws -> ImageIndex? { try layout().referrers(of: digest) }

    /// Streams a blob from an offset to its end.
    package mutating func read(
        _ blob: Descriptor, from offset: Int, check: DigestCheck, into sink: (Span<UInt8>) throws -> Void
    ) throws {
        var source = try source(of: blob)
        try source.read(blob, from: offset, check: check, into: sink)
    }

    /// Streams ranges of a blob.
    package mutating func read(
        _ blob: Descriptor, ranges: [Range<Int>], into sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeAnswer {
        var source = try source(of: blob)
        return try source.read(blob, ranges: ranges, into: sink)
    }

    /// A source of one blob: the index, which may be long, is not needed for it.
    private func source(of blob: Descriptor) throws -> LocalSource {
        let blobs = try catalog.blob(blob.digest).map { [blob.digest: $0] } ?? [:]
        let top = ManifestDocument(mediaType: MediaType.index, bytes: [], digest: blob.digest)
        return LocalSource(
            LocalContent(top: top, store: .collected(documents: [:], blobs: blobs)), subject: folder.string)
    }

    /// The layout as a source without a document of its own.
    private func content() throws -> LocalContent {
        let layout = try layout()
        let bytes = layout.index.serialized()
        let top = ManifestDocument(mediaType: MediaType.index, bytes: bytes, digest: try SHA256Hasher.digest(of: bytes))
        return LocalContent(top: top, store: .layout(layout))
    }
}
