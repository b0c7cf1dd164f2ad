import Cryptography
import Filesystems
import GrubEnvironment
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage
import Verity

/// Holds an image that grows in a staging folder: its space reserved, its large files open, its journal read.
struct StagedImage: ~Copyable {
    /// Room for what is neither a large file nor the chunk index: the journal, documents and folder blocks.
    static let spareBytes = 512 << 10

    let folder: FilePath
    let id: ImageID
    let manifest: Manifest
    var kernel: StagedFile
    var initrd: StagedFile
    var root: StagedFile
    /// Makes the documents durable.
    private var flushing: BackgroundWork<Void>?

    /// Opens a staging folder, makes it where it is missing, and reserves all space that the image takes.
    ///
    /// - Parameters:
    ///   - source: digest of what the image comes from; the journal is bound to it.
    ///   - index: the chunks of the root file; nil when there is no index.
    /// - Throws: `FetchError` or `PreallocationError` when there is too little space; nothing was fetched then.
    init(
        in folder: FilePath, id: ImageID, _ manifest: Manifest, source: Digest, index: ChunkIndex?
    ) throws {
        try Folders.make(folder)
        try Self.checkSpace(folder, manifest)
        let journal = try FetchJournal(in: folder, source: source)
        let root = manifest.root
        let chunks = index ?? .whole(size: root.size, digest: root.sha256)
        let staged = try StagedFile.open(
            .root, number: 0, in: folder, chunks, hasIndex: index != nil, journal: journal)
        let kernel = try Self.open(.kernel, number: 1, folder, manifest.kernel, journal)
        let initrd = try Self.open(.initrd, number: 2, folder, manifest.initrd, journal)
        self.folder = folder
        self.id = id
        self.manifest = manifest
        self.root = staged
        self.kernel = kernel
        self.initrd = initrd
    }

    private static func open(
        _ file: ImageFile, number: UInt8, _ folder: FilePath, _ expected: Manifest.File, _ journal: FetchJournal
    ) throws -> StagedFile {
        let index = ChunkIndex.whole(size: expected.size, digest: expected.sha256)
        return try StagedFile.open(file, number: number, in: folder, index, hasIndex: true, journal: journal)
    }

    /// Compares what is not reserved yet with what is free, so that a full disk is told before anything is written.
    private static func checkSpace(_ folder: FilePath, _ manifest: Manifest) throws {
        var needed = spareBytes + (manifest.chunks?.size ?? 0)
        for (file, expected) in manifest.bootedFiles {
            let status = try FileStatus.of(folder.appending(file.rawValue), followingLinks: false)
            if status?.size != Int64(expected.size) { needed += expected.size }
        }
        let free = try FreeSpace.bytes(at: folder)
        guard needed <= free else { throw FetchError.noSpace(folder, needed: needed, free: free) }
    }

    /// Writes the documents, unless they are there, and makes them durable while the large files come.
    ///
    /// - Throws: as `write`.
    mutating func write(_ documents: [(name: String, bytes: [UInt8]?)]) throws {
        let there = documents.filter { $0.bytes != nil }.map { folder.appending($0.name) }
        for (name, bytes) in documents { if let bytes { try write(bytes, name) } }
        flushing = BackgroundWork { [folder] in
            for path in there { try Folders.flushEntry(path) }
            try Folders.flushEntry(folder)
        }
    }

    /// Writes a small file, unless it is there; it is not flushed.
    ///
    /// - Throws: `FetchError` when it does not come back as it was written.
    private func write(_ bytes: [UInt8], _ name: String) throws {
        let path = folder.appending(name)
        if try FileBytes.readIfPresent(path, limit: .max) == bytes { return }
        try AtomicFile.write(bytes, to: path, isDurable: false)
        guard try FileBytes.readIfPresent(path, limit: .max) == bytes else {
            throw FetchError.corrupted("writing", name, "the disk does not return what was written")
        }
    }

    /// Reads everything back from the disk, checks it, writes what is derived, and makes all of it durable.
    ///
    /// - Throws: `FetchError` when something is not what its digest says; the wrong parts are out of the journal then.
    mutating func finish(_ observer: (TransferProgress) throws -> Void) throws -> DeployableImage {
        try Self.readBack(&kernel, observer)
        try Self.readBack(&initrd, observer)
        try Self.readBack(&root, observer)
        try checkVerity(observer)
        for (file, bytes) in try manifest.derivedFiles() {
            try write(bytes, file.rawValue)
            try Folders.flushEntry(folder.appending(file.rawValue))
        }
        try removeStrangers()
        if var flushing = flushing.take() { try flushing.value() }
        try FetchJournal.remove(from: folder)
        try Folders.flushEntry(folder)
        return DeployableImage(id: id, manifest: manifest, directory: folder)
    }

    private static func readBack(_ file: inout StagedFile, _ observer: (TransferProgress) throws -> Void) throws {
        try file.flushWritten()
        if file.proof != nil { return }
        try observer(TransferProgress("checking \(file.kind.rawValue)", done: 0, total: file.index.size))
        try file.prove()
        if file.proof != nil { return }
        try file.verifyAll()
        throw FetchError.corrupted("reading back", file.kind.rawValue, "the disk does not return what was written")
    }

    private func checkVerity(_ observer: (TransferProgress) throws -> Void) throws {
        if root.proof == .rootHash { return }
        let verity = manifest.root.verity
        try observer(TransferProgress("checking the hash tree", done: 0, total: verity.hashOffset))
        let path = folder.appending(ImageFile.root.rawValue)
        if let fault = try VerityFormat.mismatch(in: path, verity) {
            throw FetchError.unusable(path.string, "it does not have the signed verity root hash: \(fault)")
        }
    }

    /// Removes what is no file of an image, such as a half-written document of an attempt that was cut.
    private func removeStrangers() throws {
        let known = Set(ImageFile.allCases.map(\.rawValue) + [FetchJournal.name, ImageFile.localSignature])
        for name in try Folders.names(of: folder) where !known.contains(name) {
            try Folders.removeFile(folder.appending(name))
        }
    }
}
