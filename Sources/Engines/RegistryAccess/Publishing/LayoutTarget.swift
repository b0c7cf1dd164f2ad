import Cryptography
package import ImageModel
import LinuxSystem
package import RegistryModel
import SystemPackage

/// Stores images in an OCI layout, for media and for machines that no registry reaches.
package struct LayoutTarget: BlobTarget, ~Copyable {
    /// Nothing is moved over a network.
    package let traffic = Traffic()

    private let folder: FilePath
    private let name: SourceReference.Entry

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

    private func layout() throws -> LayoutFolder { try LayoutFolder(FileCatalog(folder: folder)) }

    private func write(_ bytes: [UInt8], _ name: String) throws {
        try AtomicFile.write(bytes, to: folder.appending(name), permissions: Self.fileMode)
    }

    private static let fileMode: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]

    /// Says whether a blob is there with the right size.
    package mutating func hasBlob(_ blob: Descriptor) throws -> Bool {
        try layout().blob(blob.digest)?.size == blob.size
    }

    /// Stores a blob; its digest is checked before it gets its name.
    ///
    /// - Throws: `RegistryError` (`corrupted`) when it has another, `SystemError` when it cannot be written.
    package mutating func push(_ blob: Descriptor, _ content: BlobContent) throws -> Bool {
        if try hasBlob(blob) { return false }
        let place = "blobs/sha256/\(blob.digest.hex)"
        switch content {
        case .bytes(let bytes): try write(bytes, place)
        case .file(let path): try copy(FileContent(wholeFile: path, size: blob.size), to: place)
        }
        guard try layout().blob(blob.digest)?.digest() == blob.digest else {
            try Folders.removeFile(folder.appending(place))
            throw RegistryError.corrupted("storing the blob", blob.digest.registryText, "the content is another")
        }
        return true
    }

    private func copy(_ content: FileContent, to place: String) throws {
        let file = try NewFile(folder.appending(place), options: .truncate, permissions: Self.fileMode)
        try content.read(0..<content.size) { _, bytes in try file.append(bytes) }
        try file.finish()
    }

    /// Stores a manifest and, with a tag, names it in the index in the place of what had the name.
    package mutating func push(manifest bytes: [UInt8], mediaType: String, tag: String?) throws -> Digest {
        let digest = try SHA256Hasher.digest(of: bytes)
        try write(bytes, "blobs/sha256/\(digest.hex)")
        guard let tag else { return digest }
        var index = try layout().index
        index.manifests.removeAll { $0.annotations[LayoutFolder.nameAnnotation] == tag }
        var entry = Descriptor(mediaType: mediaType, digest: digest, size: bytes.count)
        entry.annotations[LayoutFolder.nameAnnotation] = tag
        index.manifests.append(entry)
        try write(index.serialized(), "index.json")
        return digest
    }

    /// Reads the document of the name that the reference has.
    package mutating func resolve() throws -> ManifestDocument {
        let layout = try layout()
        return try layout.document(try layout.entry(name))
    }

    /// Reads a manifest by digest.
    package mutating func manifest(_ digest: Digest) throws -> ManifestDocument {
        try content().manifest(digest, named: folder.string)
    }

    /// Reads a manifest by name; nil when nothing has the name.
    package mutating func manifest(tag: String) throws -> ManifestDocument? {
        let layout = try layout()
        return try layout.index.entry(tag: tag).map { try layout.document($0) }
    }

    /// Lists what the layout's index has about a document.
    package mutating func referrers(of digest: Digest) throws -> ImageIndex? { try layout().referrers(of: digest) }

    /// Streams a blob from an offset to its end.
    package mutating func read(
        _ blob: Descriptor, from offset: Int, check: DigestCheck, into sink: (Span<UInt8>) throws -> Void
    ) throws {
        var source = LocalSource(try content(), subject: folder.string)
        try source.read(blob, from: offset, check: check, into: sink)
    }

    /// Streams ranges of a blob.
    package mutating func read(
        _ blob: Descriptor, ranges: [Range<Int>], into sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeAnswer {
        var source = LocalSource(try content(), subject: folder.string)
        return try source.read(blob, ranges: ranges, into: sink)
    }

    /// The layout as a source without a document of its own.
    private func content() throws -> LocalContent {
        let layout = try layout()
        let bytes = layout.index.serialized()
        let top = ManifestDocument(mediaType: MediaType.index, bytes: bytes, digest: try SHA256Hasher.digest(of: bytes))
        return LocalContent(top: top, store: .layout(layout))
    }
}

/// Writes a file from its start to its end, piece by piece.
struct NewFile: ~Copyable {
    private let path: FilePath
    private let file: OwnedDescriptor

    /// Opens the file.
    ///
    /// - Throws: `SystemError` when it cannot be made.
    init(_ path: FilePath, options: FileDescriptor.OpenOptions, permissions: FilePermissions) throws(SystemError) {
        self.path = path
        do throws(Errno) {
            file = try OwnedDescriptor(
                opening: path, .writeOnly, options: options.union(.create), permissions: permissions)
        } catch {
            throw .file("making", path, error)
        }
    }

    /// Writes the next bytes.
    func append(_ bytes: Span<UInt8>) throws(SystemError) {
        do throws(Errno) { try FileBlock.write(bytes, to: file.descriptor) } catch {
            throw .file("writing", path, error)
        }
    }

    /// Flushes and closes it, and reports what only that shows.
    consuming func finish() throws(SystemError) {
        let path = path
        do throws(Errno) { try file.close() } catch { throw .file("writing", path, error) }
        try Folders.flushEntry(path)
    }
}
