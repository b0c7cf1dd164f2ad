import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage

/// Keeps a blob on its way from one place to another in a file, so that memory stays small.
struct BlobSpool: ~Copyable {
    /// Up to so many bytes go through memory.
    static let memoryLimit = 1 << 20

    private let path: FilePath

    /// Names a file of its own: the same blob may be on its way to several places at once.
    private init() {
        let folder = FilePath(ThisProcess.variable("TMPDIR") ?? "/var/tmp")
        path = folder.appending("boatyard-\(ThisProcess.identifier)-\(UInt64.random(in: 0...UInt64.max))")
    }

    deinit { try? Folders.removeFile(path) }

    /// Copies a blob that the target lacks.
    ///
    /// - Returns: whether anything was stored.
    static func copy(
        _ blob: Descriptor, from source: inout some BlobSource & ~Copyable, to target: inout some BlobTarget & ~Copyable
    ) throws -> Bool {
        if try target.hasBlob(blob) { return false }
        guard blob.size > memoryLimit else {
            return try target.push(blob, .bytes(try source.bytes(of: blob)))
        }
        let spool = BlobSpool()
        try spool.fill(blob, from: &source)
        return try target.push(blob, .file(spool.path))
    }

    private func fill(_ blob: Descriptor, from source: inout some BlobSource & ~Copyable) throws {
        let file = try NewFile(path, options: [.exclusiveCreate, .noFollow], permissions: .ownerReadWrite)
        try source.read(blob, from: 0) { bytes in try file.append(bytes) }
        try file.finish()
    }
}
