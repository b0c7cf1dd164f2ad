import Cryptography
package import ImageModel
import LinuxSystem
package import RegistryModel
import SystemPackage

/// Gives an image from a folder, an archive or a medium, without unpacking or mounting anything.
package struct LocalSource: BlobSource, ~Copyable {
    /// Nothing is moved over a network.
    package let traffic = Traffic()

    private let content: LocalContent
    private let subject: String

    init(_ content: LocalContent, subject: String) {
        self.content = content
        self.subject = subject
    }

    /// The document that the reference named when the source was opened.
    package mutating func resolve() throws -> ManifestDocument { content.top }

    /// Reads a manifest by digest.
    ///
    /// - Throws: `RegistryError` when it is missing or not what its digest says.
    package mutating func manifest(_ digest: Digest) throws -> ManifestDocument {
        try content.manifest(digest, named: subject)
    }

    /// Reads a manifest by the name that it has in an OCI layout; nil when nothing has the name.
    package mutating func manifest(tag: String) throws -> ManifestDocument? { try content.manifest(tag: tag) }

    /// Streams a blob from an offset to its end; from 0 on its digest is checked.
    ///
    /// - Throws: `RegistryError` when it is missing or not what its descriptor says, `SystemError` when it cannot be read.
    package mutating func read(
        _ blob: Descriptor, from offset: Int, check: DigestCheck, into sink: (Span<UInt8>) throws -> Void
    ) throws {
        let file = try file(of: blob)
        let range = max(0, min(offset, blob.size))..<blob.size
        guard offset == 0, check == .bySource else { return try file.read(range) { _, bytes in try sink(bytes) } }
        var hasher = try SHA256Hasher()
        try file.read(range) { _, bytes in
            try hasher.update(bytes)
            try sink(bytes)
        }
        guard try hasher.finish() == blob.digest else {
            throw RegistryError.damaged(file.path, "a part does not have the digest \(blob.digest.registryText)")
        }
    }

    /// Streams ranges of a blob in order; a local source always can.
    ///
    /// - Throws: as `read`; digests are not checked.
    package mutating func read(
        _ blob: Descriptor, ranges: [Range<Int>], into sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeAnswer {
        let file = try file(of: blob)
        for range in ranges { try file.read(range.clamped(to: 0..<blob.size), into: sink) }
        return .complete
    }

    private func file(of blob: Descriptor) throws -> FileContent {
        guard let file = try content.blob(blob.digest) else {
            throw RegistryError.source(
                .notFound, subject, "it holds no \(blob.title ?? "content") \(blob.digest.registryText)",
                remedy: "Copy the image again with everything it consists of (skopeo copy --all).")
        }
        guard file.size == blob.size else {
            let name = blob.title ?? blob.digest.registryText
            throw RegistryError.damaged(file.path, "\(name) has \(file.size) bytes, \(blob.size) were expected")
        }
        return file
    }
}
