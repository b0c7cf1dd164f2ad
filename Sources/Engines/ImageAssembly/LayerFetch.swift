// Layers lie in the staging folder as they came, one file each. How much of one is there is its length; that it is right
// is known when all of it has been hashed. No other journal is needed to go on after a cut.
import Cryptography
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage

/// Fetches the layers of a container image into a folder.
struct LayerFetch {
    /// How the names of layers begin.
    static let prefix = "layer-"
    private static let activity = "fetching layers"

    private let folder: FilePath
    private let total: Int
    private let progress: (TransferProgress) throws -> Void
    private var done = 0

    /// Prepares for layers.
    ///
    /// - Parameter progress: is told how much of all layers is here; what it throws ends the fetch.
    init(folder: FilePath, layers: [Descriptor], progress: @escaping (TransferProgress) throws -> Void) {
        self.folder = folder
        total = layers.reduce(0) { $0 &+ $1.size }
        self.progress = progress
    }

    /// The file of a layer.
    static func path(of layer: Descriptor, in folder: FilePath) -> FilePath {
        folder.appending("\(prefix)\(layer.digest.hex)")
    }

    /// Bytes of a layer that are here.
    static func present(_ layer: Descriptor, in folder: FilePath) throws -> Int {
        Int(clamping: try FileStatus.of(path(of: layer, in: folder), followingLinks: false)?.size ?? 0)
    }

    /// Fetches what is missing of a layer and checks all of it; a file that is there in full is only checked.
    ///
    /// - Throws: the errors of the source, `ImageAssemblyError` for a full disk or content that is not what it should be.
    mutating func fetch(_ layer: Descriptor, from source: inout some BlobSource & ~Copyable) throws {
        let before = done
        let path = Self.path(of: layer, in: folder)
        let isNew = try FileStatus.of(path, followingLinks: false) == nil
        guard try SpaceReservation.reserve(path, bytes: layer.size) else {
            throw ImageAssemblyError.file("reserving space for", path, .noSpace)
        }
        if try !transfer(layer, path, &source) {
            // What a former run left may be torn: once more from the start, and then it is the source that is wrong.
            done = before
            try Folders.removeFile(path)
            let isRight = try !isNew && transfer(layer, path, &source)
            guard isRight else {
                if !isNew { try Folders.removeFile(path) }
                throw Self.mismatch(layer)
            }
        }
        done = before &+ layer.size
        try progress(TransferProgress(Self.activity, done: done, total: total))
    }

    private static func mismatch(_ layer: Descriptor) -> ImageAssemblyError {
        ImageAssemblyError(
            .damaged, "fetching", "layer \(layer.digest)", "its content does not match its digest",
            remedy: "Try again; if it stays, the source, or what is between here and it, is broken.")
    }

    /// Opens what is there of a layer; nil when the disk does not give it any more, so that it is written anew.
    private func open(_ path: FilePath, _ layer: Descriptor) throws -> LayerFile? {
        do { return try LayerFile.open(path, limit: layer.size) } catch is Errno { return nil }
    }

    /// Goes on with a file; false when all of it is there and not what it should be.
    private mutating func transfer(
        _ layer: Descriptor, _ path: FilePath, _ source: inout some BlobSource & ~Copyable
    ) throws -> Bool {
        guard var file = try open(path, layer) else { return false }
        done = done &+ file.size
        if file.size < layer.size {
            let begin = done - file.size
            try source.read(layer, from: file.size, check: .byReceiver) { part in
                try file.append(part)
                try progress(TransferProgress(Self.activity, done: begin &+ file.size, total: total))
            }
        }
        return try file.finish() == layer.digest
    }
}

/// Appends to a file and hashes it, beginning with what is there.
private struct LayerFile: ~Copyable {
    /// Bytes after which what was received is made durable.
    private static let flushInterval = 8 << 20
    private static let blockLength = 1 << 20

    private(set) var size = 0
    private let path: FilePath
    private let file: OwnedDescriptor
    private var hasher: SHA256Hasher
    private var unflushed = 0

    /// Opens a file and hashes what it holds; one that is longer than the limit begins anew.
    static func open(_ path: FilePath, limit: Int) throws -> LayerFile {
        var file = try LayerFile(path)
        try file.hashContent(limit)
        return file
    }

    private init(_ path: FilePath) throws {
        let hasher = try SHA256Hasher()
        let file: OwnedDescriptor
        do throws(Errno) {
            file = try OwnedDescriptor(
                opening: path, .readWrite, options: [.create, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw ImageAssemblyError.file("writing", path, error)
        }
        self.path = path
        self.file = file
        self.hasher = hasher
    }

    private mutating func hashContent(_ limit: Int) throws {
        let length = try file.descriptor.seek(offset: 0, from: .end)
        if length > Int64(limit) { try file.descriptor.resize(to: 0) }
        try file.descriptor.seek(offset: 0, from: .start)
        var buffer = [UInt8](repeating: 0, count: Self.blockLength)
        while case let count = try FileBlock.read(file.descriptor, into: &buffer), count > 0 {
            try hasher.update(buffer.span.extracting(0..<count))
            size += count
        }
    }

    mutating func append(_ bytes: Span<UInt8>) throws {
        do throws(Errno) { try FileBlock.write(bytes, to: file.descriptor) } catch {
            throw ImageAssemblyError.file("writing", path, error)
        }
        try hasher.update(bytes)
        size += bytes.count
        unflushed += bytes.count
        if unflushed >= Self.flushInterval {
            try Folders.flushEntry(path)
            unflushed = 0
        }
    }

    mutating func finish() throws -> Digest {
        try Folders.flushEntry(path)
        return try hasher.finish()
    }
}
