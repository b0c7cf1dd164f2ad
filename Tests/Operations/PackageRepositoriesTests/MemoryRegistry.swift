import Cryptography
import Faults
import ImageModel
import LinuxSystem
import RegistryAccess
import RegistryModel
import Synchronization

/// What a registry of the tests says when it is cut off.
struct CutOff: Error {}

/// The content of a registry in memory; several clients share it.
final class MemoryRegistry: Sendable {
    /// What it has.
    struct Content {
        var blobs: [Digest: [UInt8]] = [:]
        var manifests: [Digest: ManifestDocument] = [:]
        var names: [String: Digest] = [:]
    }

    private let content: Mutex<Content>

    init() { content = Mutex(Content()) }

    /// Begins with what another one has now.
    init(_ other: MemoryRegistry) { content = Mutex(other.atOnce { $0 }) }

    /// Does something with nobody else in between, as a registry does with each request.
    func atOnce<Value: Sendable>(_ body: (inout Content) throws -> Value) rethrows -> Value {
        try content.withLock { content in
            var copy = content
            defer { content = copy }
            return try body(&copy)
        }
    }

    /// What a tag names.
    subscript(tag: String) -> Digest? {
        get { atOnce { $0.names[tag] } }
        set { atOnce { $0.names[tag] = newValue } }
    }
}

/// A client of a registry in memory, which tells before each request what it is about to do.
struct MemoryTarget: RepositoryTarget, ~Copyable {
    private(set) var traffic = Traffic()
    let registry: MemoryRegistry
    /// Is called before each request with its number, from 1 on; an error is a connection that breaks before it.
    var before: (Int) throws -> Void = { _ in }
    /// Is called after each request; an error is a connection that breaks before the answer.
    var after: (Int) throws -> Void = { _ in }

    init(_ registry: MemoryRegistry) { self.registry = registry }

    private mutating func request<Value: Sendable>(
        _ body: (inout MemoryRegistry.Content) throws -> Value
    ) throws -> Value {
        traffic.requests += 1
        try before(traffic.requests)
        let value = try registry.atOnce(body)
        try after(traffic.requests)
        return value
    }

    mutating func resolve() throws -> ManifestDocument { throw CutOff() }

    mutating func manifest(_ digest: Digest) throws -> ManifestDocument {
        try request { content in
            guard let document = content.manifests[digest] else { throw Self.missing(digest) }
            return document
        }
    }

    mutating func manifest(tag: String) throws -> ManifestDocument? {
        try request { content in content.names[tag].flatMap { content.manifests[$0] } }
    }

    mutating func read(
        _ blob: Descriptor, from offset: Int, check: DigestCheck, into sink: (Span<UInt8>) throws -> Void
    ) throws {
        let bytes = try request { content in
            guard let bytes = content.blobs[blob.digest] else { throw Self.missing(blob.digest) }
            return bytes
        }
        try sink(bytes.span)
        guard try SHA256Hasher.digest(of: bytes) == blob.digest else {
            throw RegistryError(.corrupted, "reading", blob.digest.hex, cause: "another digest", remedy: "")
        }
    }

    mutating func read(
        _ blob: Descriptor, ranges: [Range<Int>], into sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeAnswer { .unsupported }

    private static func missing(_ digest: Digest) -> RegistryError {
        RegistryError(.notFound, "reading", digest.hex, cause: "missing", remedy: "")
    }

    mutating func hasBlob(_ blob: Descriptor) throws -> Bool { try request { $0.blobs[blob.digest] != nil } }

    mutating func push(_ blob: Descriptor, _ content: BlobContent) throws -> Bool {
        if try hasBlob(blob) { return false }
        try pushNew(blob, content)
        return true
    }

    /// Two requests, as in a registry.
    mutating func pushNew(_ blob: Descriptor, _ content: BlobContent) throws {
        let bytes =
            switch content {
            case .bytes(let bytes): bytes
            case .file(let path): try FileBytes.read(path, limit: 1 << 30)
            }
        try request { _ in }
        try request { $0.blobs[blob.digest] = bytes }
    }

    mutating func push(manifest bytes: [UInt8], mediaType: String, tag: String?) throws -> Digest {
        let digest = try SHA256Hasher.digest(of: bytes)
        let document = ManifestDocument(mediaType: mediaType, bytes: bytes, digest: digest)
        try request { content in
            if case .manifest(let manifest) = try RegistryDocument(parsing: document) {
                // What a registry checks.
                for blob in [manifest.config] + manifest.layers where content.blobs[blob.digest] == nil {
                    throw RegistryError(.misbehaving, "storing", digest.hex, cause: "blob unknown", remedy: "")
                }
            }
            content.manifests[digest] = document
            if let tag { content.names[tag] = digest }
        }
        return digest
    }

    mutating func gather() {}
    mutating func commit() {}

    mutating func hasManifest(_ digest: Digest) throws -> Bool {
        try request { $0.manifests[digest] != nil }
    }

    mutating func tags() throws -> [String] { try request { $0.names.keys.sorted() } }

    mutating func remove(manifest digest: Digest) throws {
        try request { content in
            content.manifests[digest] = nil
            content.names = content.names.filter { $0.value != digest }
        }
    }
}
