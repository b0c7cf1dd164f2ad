import Cryptography
package import ImageModel
import LinuxSystem
package import RegistryModel
package import SystemPackage

// A layout gets its blobs one by one and its index last. Where many come at once, they are flushed together, before the index.
extension LayoutTarget {
    /// From now on names count only when `commit` is called, and content is flushed only then.
    ///
    /// Nobody else may change the layout until then.
    ///
    /// - Throws: as reading the index.
    package mutating func gather() throws {
        if gathered == nil { gathered = GatheredContent(after: try layout().index) }
    }

    /// Flushes what was stored since `gather` and then names it, all at once; a cut before leaves the old names.
    ///
    /// - Throws: `SystemError` when it cannot be written.
    package mutating func commit() throws { try commit(replacing: false) }

    /// Flushes what was stored since `gather` and then names it, all at once; a cut before leaves the old names.
    ///
    /// - Parameter isWhole: whether nothing else keeps a name.
    /// - Throws: `SystemError` when it cannot be written.
    package mutating func commit(replacing isWhole: Bool) throws {
        guard let gathered else { return }
        try gathered.flush(in: folder)
        try change { entries in
            let kept = isWhole ? [] : entries.filter { gathered.names[$0.layoutName ?? ""] == nil }
            entries = kept + gathered.names.values
        }
        self.gathered = nil
    }

    /// Names a document, at once or with all others.
    mutating func name(_ document: Descriptor, _ tag: String) throws {
        var entry = document
        entry.annotations[LayoutFolder.nameAnnotation] = tag
        if gathered != nil {
            gathered?.names[tag] = entry
        } else {
            try change { $0 = $0.filter { $0.layoutName != tag } + [entry] }
        }
    }

    /// Changes the index in one step; its order is that of the names, so that equal content makes equal bytes.
    private func change(_ change: (inout [Descriptor]) -> Void) throws {
        var index = try layout().index
        change(&index.manifests)
        index.manifests.sort { one, other in
            let (own, its) = (one.layoutName ?? "", other.layoutName ?? "")
            return own == its ? one.digest.hex < other.digest.hex : own < its
        }
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
    private mutating func store(_ blob: Descriptor, _ write: (borrowing NewFile) throws -> Digest) throws {
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
            gathered?.note(place)
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

    /// The blobs that are there, whole or not.
    ///
    /// - Throws: `SystemError`.
    package func blobs() throws -> Set<Digest> {
        Set(try Folders.names(of: folder.appending("blobs/sha256")).compactMap { Digest(hex: $0) })
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
        if let gathered { return gathered.tags }
        return Set(try layout().index.manifests.compactMap(\.layoutName)).sorted()
    }

    /// Removes a document and its names; what it consists of stays until `sweep`.
    ///
    /// - Throws: `SystemError` when it cannot be written.
    package mutating func remove(manifest digest: Digest) throws {
        gathered?.forget(digest)
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

/// What was stored in a layout and is not named yet.
struct GatheredContent {
    /// How many files are flushed one by one: more are flushed with all else that the filesystem has to write.
    private static let limit = 256

    /// What got a name, by the name.
    var names: [String: Descriptor] = [:]
    /// What has a name in the index.
    private var before: [String: Descriptor]
    private var places: [FilePath] = []
    private var isLarge = false

    /// Begins after an index.
    init(after index: ImageIndex) {
        let pairs = index.manifests.compactMap { entry in entry.layoutName.map { ($0, entry) } }
        before = Dictionary(pairs, uniquingKeysWith: { one, _ in one })
    }

    /// What has a name, now or soon.
    subscript(tag: String) -> Descriptor? { names[tag] ?? before[tag] }

    /// All names, sorted.
    var tags: [String] { Set(before.keys).union(names.keys).sorted() }

    /// Notes a file.
    mutating func note(_ place: FilePath) {
        isLarge = isLarge || places.count == Self.limit
        if !isLarge { places.append(place) }
    }

    /// Takes the names of a document away.
    mutating func forget(_ digest: Digest) {
        names = names.filter { $0.value.digest != digest }
        before = before.filter { $0.value.digest != digest }
    }

    /// Makes all of it last.
    func flush(in folder: FilePath) throws(SystemError) {
        if isLarge { return try Folders.flushFilesystem(folder) }
        for place in places { try Folders.flushEntry(place) }
        if let place = places.first { try Folders.flushEntry(place.removingLastComponent()) }
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
