// The layer of a package: the same files give the same bytes, whatever folder, user, umask and time they come from.
import Archives
import Cryptography
import Faults
package import ImageModel
import LinuxSystem
package import PackageTrees
package import SystemPackage
package import TreeModel

/// What is known of a layer that was written.
package struct WrittenLayer: Equatable, Sendable {
    /// The digest of the file.
    package var digest: Digest
    /// The bytes of the file.
    package var size: Int64
    /// The digest of the layer before it was compressed: the same with every version of the compressor.
    package var diffID: Digest
    /// The bytes of the contents of its files.
    package var installedSize: Int64
}

/// Writes artefacts as layers of container images: tar in pax form where ustar does not do, sorted by path, with one
/// time for all, owners by number, compressed as `gzip -n` does.
package enum LayerWriter {
    /// Writes a layer in the place of a file, so that a cut leaves the old or the new one, whole.
    ///
    /// - Parameters:
    ///   - artefact: what goes into it.
    ///   - origin: where its files lie; a file that is not what the artefact says is an error.
    ///   - contents: files that do not lie there.
    ///   - path: the layer; its folder must exist.
    ///   - epoch: the time of all files in seconds since 1970, `SOURCE_DATE_EPOCH`.
    ///   - progress: is told the bytes of contents that were packed; what it throws ends the writing.
    /// - Throws: `TreeFoldersError`, `ArchiveError` and `SystemError`; nothing is left then.
    package static func write(
        _ artefact: Artefact, from origin: ContentOrigin, contents: [EntryPath: [UInt8]] = [:], to path: FilePath,
        epoch: Int64, progress: (Int) throws -> Void = { _ in }
    ) throws -> WrittenLayer {
        let sink = try LayerSink(PackedFile(path))
        do {
            var packing = try LayerPacking(origin, contents, epoch, sink)
            try packing.pack(artefact, progress)
        } catch {
            // What the sink met is the cause of what its callers saw.
            throw sink.failure ?? error
        }
        return try sink.finish(installedSize: artefact.listing.installedSize)
    }
}

/// Packs the entries of an artefact.
private struct LayerPacking: ~Copyable {
    private let root: DirectoryHandle
    private let areDigests: Bool
    private let contents: [EntryPath: [UInt8]]
    private let epoch: Int64
    private var writer: PaxWriter
    private var hasher: SHA256Hasher
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var done = 0
    private let sink: LayerSink

    init(
        _ origin: ContentOrigin, _ contents: [EntryPath: [UInt8]], _ epoch: Int64, _ sink: LayerSink
    ) throws {
        let hasher = try SHA256Hasher()
        root = try DirectoryHandle(root: origin.place)
        areDigests = origin == .digests(origin.place)
        self.contents = contents
        self.epoch = epoch
        self.sink = sink
        self.hasher = hasher
        writer = PaxWriter { (bytes) throws(ArchiveError) in try sink.take(bytes) }
    }

    mutating func pack(_ artefact: Artefact, _ progress: (Int) throws -> Void) throws {
        var whiteouts = artefact.removed.map { path in
            (path.parent ?? .root).appending(EntryPath.whiteoutPrefix + path.name)
        }.sorted()[...]
        for entry in artefact.listing.entries {
            try pack(&whiteouts, before: entry.path)
            try pack(entry, progress)
        }
        try pack(&whiteouts, before: nil)
        try writer.finish()
        try sink.close()
    }

    /// Writes the whiteouts whose turn it is; an empty file means that a name is gone.
    private mutating func pack(_ whiteouts: inout ArraySlice<EntryPath>, before path: EntryPath?) throws {
        while let whiteout = whiteouts.first, path.map({ whiteout < $0 }) ?? true {
            try writer.begin(ArchiveEntry(path: whiteout, kind: .regular(size: 0), modified: epoch))
            whiteouts.removeFirst()
        }
    }

    private mutating func pack(_ entry: TreeEntry, _ progress: (Int) throws -> Void) throws {
        try LayerWriter.check(entry.attributes, of: entry.path)
        if let first = entry.firstName, first != entry.path {
            return try begin(entry, .hardLink(target: first))
        }
        switch entry.kind {
        case .regular(let size, let digest):
            try begin(entry, .regular(size: size))
            try copy(entry.path, size, digest, progress)
        case .directory: try begin(entry, .directory)
        case .symbolicLink(let target): try begin(entry, .symbolicLink(target: target))
        case .characterDevice(let major, let minor): try begin(entry, .characterDevice(major: major, minor: minor))
        case .blockDevice(let major, let minor): try begin(entry, .blockDevice(major: major, minor: minor))
        case .fifo: try begin(entry, .fifo)
        }
    }

    private mutating func begin(_ entry: TreeEntry, _ kind: ArchiveEntry.Kind) throws {
        try writer.begin(
            ArchiveEntry(
                path: entry.path, kind: kind, permissions: entry.permissions, owner: entry.owner, group: entry.group,
                modified: epoch, attributes: entry.attributes))
    }

    /// Copies content, and makes sure that it is what the listing says.
    private mutating func copy(
        _ path: EntryPath, _ size: Int64, _ digest: Digest, _ progress: (Int) throws -> Void
    ) throws {
        if let bytes = contents[path] {
            guard Int64(bytes.count) == size, try SHA256Hasher.digest(of: bytes) == digest else {
                throw TreeFoldersError.changed(path)
            }
            return try writer.write(bytes.span)
        }
        guard size > 0 else { return }
        let name = areDigests ? digest.hex : String(decoding: path.bytes, as: UTF8.self)
        let file = try root.regularFile(FilePath(name))
        var (left, buffer) = (size, [UInt8]())
        // A span of the stored one would keep all of this borrowed.
        swap(&buffer, &self.buffer)
        defer { swap(&buffer, &self.buffer) }
        while case let count = try FileBlock.read(file.descriptor, into: &buffer), count > 0 {
            guard left >= Int64(count) else { throw TreeFoldersError.changed(path) }
            left -= Int64(count)
            try hasher.update(buffer.span.extracting(0..<count))
            try writer.write(buffer.span.extracting(0..<count))
            done += count
            try progress(done)
        }
        guard left == 0, try hasher.finish() == digest else { throw TreeFoldersError.changed(path) }
    }
}

/// Takes a tar stream: hashes it, compresses it, hashes what comes out and writes it.
private final class LayerSink {
    private var compressor: GzipWriter?
    private var plain: BackgroundHasher
    private let packed: PackedFile
    /// What kept something from being written, if anything did.
    var failure: (any Error)? { packed.failure }

    init(_ packed: PackedFile) throws {
        plain = try BackgroundHasher()
        self.packed = packed
        compressor = try GzipWriter { packed.take($0) }
    }

    func take(_ bytes: Span<UInt8>) throws(ArchiveError) {
        do { try plain.update(bytes) } catch {
            packed.failure = error
            throw .writing(because: error)
        }
        try compressor?.write(bytes)
    }

    func close() throws { try compressor?.finish() }

    func finish(installedSize: Int64) throws -> WrittenLayer {
        let (digest, size) = try packed.finish()
        return WrittenLayer(digest: digest, size: size, diffID: try plain.finish(), installedSize: installedSize)
    }
}

extension ArchiveError {
    fileprivate static func writing(because error: any Error) -> ArchiveError {
        ArchiveError(
            .file, "writing", "a layer", because: error, remedy: "Check that there is room and memory for it.")
    }
}
