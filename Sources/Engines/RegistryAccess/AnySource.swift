package import ImageModel
package import RegistryModel

/// Gives an image from wherever a reference says: a registry, a folder, an archive or a medium.
package struct AnySource: BlobSource, ~Copyable {
    private var source: any BlobSource & ~Copyable
    /// Whether `manifest.sig` counts where there is no other signature: everywhere but in a registry.
    package let acceptsImageSignature: Bool

    /// Opens a source.
    ///
    /// A local one is looked at now, a registry is not asked yet.
    ///
    /// - Parameters:
    ///   - configuration: how registries are reached.
    ///   - userAgent: what the program calls itself to registries.
    ///   - checkpoint: is called at least four times a second while something is under way over a network; an error that
    ///     it throws ends it.
    /// - Throws: `RegistryError` when there is no image there or credentials cannot be read; `RegistryModelError` or
    ///   `ManifestError` when the documents there are malformed; `SystemError` when something cannot be read.
    package init(
        opening reference: SourceReference, _ configuration: RegistryConfiguration, userAgent: String = "lifeboot",
        checkpoint: @escaping () throws -> Void = {}
    ) throws {
        acceptsImageSignature = reference.isLocal
        if case .registry(let image) = reference {
            source = try RegistryClient(image, configuration, userAgent: userAgent, checkpoint: checkpoint)
        } else {
            source = try Self.local(reference, configuration)
        }
    }

    /// A source without a network; what was named to reach one must be there all the same.
    private static func local(
        _ reference: SourceReference, _ configuration: RegistryConfiguration
    ) throws -> LocalSource {
        try CredentialFiles.check(configuration)
        return try LocalSource(opening: reference)
    }

    /// What was moved over a network so far.
    package private(set) var traffic = Traffic()

    /// Reads the document that the reference names at this moment.
    ///
    /// - Throws: as the source, like all that follow.
    package mutating func resolve() throws -> ManifestDocument {
        defer { count() }
        return try source.resolve()
    }

    /// The same for who has read the reference before.
    package mutating func resolve(known: ManifestDocument) throws -> ManifestDocument {
        defer { count() }
        return try source.resolve(known: known)
    }

    /// Reads a manifest by digest.
    package mutating func manifest(_ digest: Digest) throws -> ManifestDocument {
        defer { count() }
        return try source.manifest(digest)
    }

    /// Reads a manifest by tag; nil when there is none.
    package mutating func manifest(tag: String) throws -> ManifestDocument? {
        defer { count() }
        return try source.manifest(tag: tag)
    }

    /// Lists what is about a document; nil when the source keeps no such list.
    package mutating func referrers(of digest: Digest) throws -> ImageIndex? {
        defer { count() }
        return try source.referrers(of: digest)
    }

    /// Streams a blob from an offset to its end.
    package mutating func read(
        _ blob: Descriptor, from offset: Int, check: DigestCheck, into sink: (Span<UInt8>) throws -> Void
    ) throws {
        defer { count() }
        try source.read(blob, from: offset, check: check, into: sink)
    }

    /// Streams ranges of a blob.
    package mutating func read(
        _ blob: Descriptor, ranges: [Range<Int>], into sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeAnswer {
        defer { count() }
        return try source.read(blob, ranges: ranges, into: sink)
    }

    /// Takes over the source's figures; Swift 6.3 cannot read a property of such a value where it is only borrowed.
    private mutating func count() { traffic = source.traffic }
}
