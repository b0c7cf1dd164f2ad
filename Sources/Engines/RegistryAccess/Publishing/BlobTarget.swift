package import ImageModel
import LinuxSystem
package import RegistryModel
import SystemPackage

/// Stores manifests and blobs: a repository of a registry, or an OCI layout.
package protocol BlobTarget: BlobSource, ~Copyable {
    /// Says whether a blob is there.
    mutating func hasBlob(_ blob: Descriptor) throws -> Bool

    /// Stores a blob unless it is there; its digest is checked by whoever stores it.
    ///
    /// - Returns: whether it was stored now.
    mutating func push(_ blob: Descriptor, _ content: BlobContent) throws -> Bool

    /// Stores a manifest or index under a tag, or by its digest alone; what it names must be there before.
    ///
    /// - Returns: its digest.
    mutating func push(manifest bytes: [UInt8], mediaType: String, tag: String?) throws -> Digest
}

extension RegistryClient: BlobTarget {}

extension BlobTarget where Self: ~Copyable {
    /// Stores a blob from memory and describes it.
    mutating func push(_ bytes: [UInt8], _ mediaType: String, digest: Digest) throws -> Descriptor {
        let blob = Descriptor(mediaType: mediaType, digest: digest, size: bytes.count)
        _ = try push(blob, .bytes(bytes))
        return blob
    }

    /// Copies a blob that this target lacks.
    ///
    /// - Returns: whether anything was stored.
    /// - Throws: as source and target.
    package mutating func copy(_ blob: Descriptor, from source: inout some BlobSource & ~Copyable) throws -> Bool {
        try BlobSpool.copy(blob, from: &source, to: &self)
    }

    /// Gives a document that is there already a tag: what machines see changes here, and only here.
    ///
    /// - Throws: as the target.
    package mutating func tag(_ document: ManifestDocument, as tag: String) throws {
        _ = try push(manifest: document.bytes, mediaType: document.mediaType, tag: tag)
    }
}

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
