package import ImageModel
package import RegistryModel

/// A registry's repository or a layout, whichever somebody named.
package struct AnyTarget: RepositoryTarget, ~Copyable {
    private var target: any RepositoryTarget & ~Copyable
    /// What was moved over a network so far.
    package private(set) var traffic = Traffic()

    /// Takes either.
    package init(_ target: consuming any RepositoryTarget & ~Copyable) { self.target = target }

    /// Reads the document that the reference names at this moment.
    ///
    /// - Throws: as the target, like all that follow.
    package mutating func resolve() throws -> ManifestDocument {
        defer { count() }
        return try target.resolve()
    }

    /// Reads a manifest by digest.
    package mutating func manifest(_ digest: Digest) throws -> ManifestDocument {
        defer { count() }
        return try target.manifest(digest)
    }

    /// Reads a manifest by tag; nil when there is none.
    package mutating func manifest(tag: String) throws -> ManifestDocument? {
        defer { count() }
        return try target.manifest(tag: tag)
    }

    /// Lists what is about a document; nil when the target keeps no such list.
    package mutating func referrers(of digest: Digest) throws -> ImageIndex? {
        defer { count() }
        return try target.referrers(of: digest)
    }

    /// Streams a blob from an offset to its end.
    package mutating func read(
        _ blob: Descriptor, from offset: Int, check: DigestCheck, into sink: (Span<UInt8>) throws -> Void
    ) throws {
        defer { count() }
        try target.read(blob, from: offset, check: check, into: sink)
    }

    /// Streams ranges of a blob.
    package mutating func read(
        _ blob: Descriptor, ranges: [Range<Int>], into sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeAnswer {
        defer { count() }
        return try target.read(blob, ranges: ranges, into: sink)
    }

    /// Says whether a blob is there.
    package mutating func hasBlob(_ blob: Descriptor) throws -> Bool {
        defer { count() }
        return try target.hasBlob(blob)
    }

    /// Stores a blob unless it is there.
    package mutating func push(_ blob: Descriptor, _ content: BlobContent) throws -> Bool {
        defer { count() }
        return try target.push(blob, content)
    }

    /// Stores a blob without asking first whether it is there.
    package mutating func pushNew(_ blob: Descriptor, _ content: BlobContent) throws {
        defer { count() }
        try target.pushNew(blob, content)
    }

    /// Stores a manifest or index under a tag, or by its digest alone.
    package mutating func push(manifest bytes: [UInt8], mediaType: String, tag: String?) throws -> Digest {
        defer { count() }
        return try target.push(manifest: bytes, mediaType: mediaType, tag: tag)
    }

    /// Says whether a manifest or index of that digest is there.
    package mutating func hasManifest(_ digest: Digest) throws -> Bool {
        defer { count() }
        return try target.hasManifest(digest)
    }

    /// The names of all tags, sorted.
    package mutating func tags() throws -> [String] {
        defer { count() }
        return try target.tags()
    }

    /// Forgets a manifest or index and every tag of it.
    package mutating func remove(manifest digest: Digest) throws {
        defer { count() }
        try target.remove(manifest: digest)
    }

    /// Says that much is going to be stored.
    package mutating func gather() throws { try target.gather() }

    /// Makes what was stored since `gather` last, and names it.
    package mutating func commit() throws { try target.commit() }

    /// Takes over the target's figures; Swift 6.3 cannot read a property of such a value where it is only borrowed.
    private mutating func count() { traffic = target.traffic }
}
