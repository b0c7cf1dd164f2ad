import Cryptography
package import ImageModel
import LinuxSystem
package import RegistryModel
package import SystemPackage

// A layout gets its blobs one by one and its index last. Where many come at once, they are flushed together, before the index.
extension LayoutTarget {
    /// From now on names count only when `commit` is called, and content is flushed only then.
    package mutating func gather() { gathered = gathered ?? [:] }

    /// Flushes what was stored since `gather` and then names it, all at once; a cut before leaves the old names.
    ///
    /// - Parameter isWhole: whether nothing else keeps a name.
    /// - Throws: `SystemError` when it cannot be written.
    package mutating func commit(replacing isWhole: Bool = false) throws {
        guard let changes = gathered else { return }
        try Folders.flushFilesystem(folder)
        try change { entries in
            let kept = isWhole ? [] : entries.filter { changes[$0.layoutName ?? ""] == nil }
            entries = kept + changes.values
        }
        gathered = nil
    }

    /// Names a document, at once or with all others.
    mutating func name(_ document: Descriptor, _ tag: String) throws {
        var entry = document
        entry.annotations[LayoutFolder.nameAnnotation] = tag
        if gathered != nil {
            gathered?[tag] = entry
        } else {
            try change { $0 = $0.filter { $0.layoutName != tag } + [entry] }
        }
    }

    /// Changes the index in one step; its order is that of the names, so that equal content makes equal bytes.
    private func change(_ change: (inout [Descriptor]) -> Void) throws {
        var index = try layout().index
        change(&index.manifests)
        index.manifests.sort { ($0.layoutName ?? "", $0.digest.hex) < ($1.layoutName ?? "", $1.digest.hex) }
        try write(index.serialized(), "index.json")
    }

    /// Stores a blob without looking whether it is there.
    ///
    /// - Throws: as `push`; nothing of it is left behind then.
    package mutating func pushNew(_ blob: Descriptor, _ content: BlobContent) throws {
        try store(blob) { file in
            var hasher = try SHA256Hasher()
            switch content {
            case .bytes(let bytes):
                try hasher.update(bytes)
                try file.append(bytes.span)
            case .file(let source):
                try FileContent(wholeFile: source, size: blob.size).read(0..<blob.size) { _, bytes in
                    try hasher.update(bytes)
                    try file.append(bytes)
                }
            }
            return try hasher.finish()
        }
    }

    /// Gives a file its name when it is whole.
    ///
    /// - Parameter write: writes it, and says which digest it has.
    private func store(_ blob: Descriptor, _ write: (borrowing NewFile) throws -> Digest) throws {
        let place = folder.appending("blobs/sha256/\(blob.digest.hex)")
        let temporary = FilePath("\(place).new-\(ThisProcess.identifier)")
        do {
            let file = try NewFile(temporary, options: [.truncate, .noFollow], permissions: Self.fileMode)
            guard try write(file) == blob.digest else {
                throw RegistryError.corrupted("storing the blob", blob.digest.registryText, "the content is another")
            }
            if gathered == nil { try file.finish() } else { try file.close() }
            try Folders.rename(temporary, to: place)
            if gathered == nil { try Folders.flushEntry(place.removingLastComponent()) }
        } catch {
            try? Folders.removeFile(temporary)
            throw error
        }
    }

    /// Stores a blob from a source without looking whether it is there.
    ///
    /// - Throws: as the source, and as `push`; nothing of it is left behind then.
    package mutating func fetch(_ blob: Descriptor, from source: inout some BlobSource & ~Copyable) throws {
        try store(blob) { file in
            try source.read(blob, from: 0) { bytes in try file.append(bytes) }
            return blob.digest
        }
    }

    /// Says whether a blob is there and is what its digest says.
    ///
    /// - Throws: as reading it.
    package func holds(_ blob: Descriptor) throws -> Bool {
        guard let file = try catalog.blob(blob.digest), file.size == blob.size else { return false }
        return try file.digest() == blob.digest
    }

    /// Where a blob lies, for who sends it on; nil when it is not there.
    ///
    /// - Throws: `SystemError` when it cannot be found out.
    package func path(of digest: Digest) throws -> FilePath? { try catalog.blob(digest)?.path }

    /// Says whether a manifest or index of that digest is there.
    package mutating func hasManifest(_ digest: Digest) throws -> Bool { try catalog.blob(digest) != nil }

    /// The names of the index, sorted.
    package mutating func tags() throws -> [String] {
        let names = try layout().index.manifests.compactMap(\.layoutName)
        return Set(names).union((gathered ?? [:]).keys).sorted()
    }

    /// Removes a document and its names; what it consists of stays until `sweep`.
    ///
    /// - Throws: `SystemError` when it cannot be written.
    package mutating func remove(manifest digest: Digest) throws {
        gathered = gathered?.filter { $0.value.digest != digest }
        if try layout().index.manifests.contains(where: { $0.digest == digest }) {
            try change { $0.removeAll { $0.digest == digest } }
        }
        if let path = try path(of: digest) { try Folders.removeFile(path) }
    }

    /// Removes every blob but those named, and what a cut left behind.
    ///
    /// - Returns: the bytes that are free now.
    /// - Throws: `SystemError` when something cannot be removed.
    package mutating func sweep(keeping digests: Set<Digest>) throws -> Int64 {
        let blobs = folder.appending("blobs/sha256")
        var freed: Int64 = 0
        for name in try Folders.names(of: blobs) where Digest(hex: name).map({ !digests.contains($0) }) ?? true {
            freed += try FileStatus.of(blobs.appending(name), followingLinks: false)?.size ?? 0
            try Folders.removeFile(blobs.appending(name))
        }
        return freed
    }
}

extension Descriptor {
    /// The name that an entry of a layout's index has.
    fileprivate var layoutName: String? { annotations[LayoutFolder.nameAnnotation] }
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

    /// Closes it and reports what only that shows; whoever wrote it flushes it later.
    consuming func close() throws(SystemError) {
        let path = path
        do throws(Errno) { try file.close() } catch { throw .file("writing", path, error) }
    }

    /// Flushes and closes it, and reports what only that shows.
    consuming func finish() throws(SystemError) {
        let path = path
        try close()
        try Folders.flushEntry(path)
    }
}
