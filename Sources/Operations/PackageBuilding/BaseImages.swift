package import Faults
import ImageAssembly
package import ImageModel
import LinuxSystem
import RegistryAccess
package import RegistryModel
import SystemPackage

/// A container image in the cache: its blobs are there.
package struct BaseImage: Equatable, Sendable {
    /// The digest of its manifest.
    package var manifest: Digest
    /// Its layers, lowest first.
    package var layers: [Descriptor]
    /// SHA-256 of each layer before compression.
    package var contents: [Digest]
    /// The packages that it says it was made of; none for an image that boatyard has not made.
    package var packages = PackageList([])
}

/// Brings container images into the cache, by digest.
package struct BaseImages: Sendable {
    /// The cache.
    package var cache: BuildCache
    /// How registries are reached.
    package var access: RegistryConfiguration
    /// Whether nothing may be asked over a network.
    package var isOffline: Bool

    /// Describes where images come from and go.
    package init(_ cache: BuildCache, _ access: RegistryConfiguration, isOffline: Bool) {
        self.cache = cache
        self.access = access
        self.isOffline = isOffline
    }

    /// Finds out what a reference means now: the digest of the document that it names, for all architectures.
    ///
    /// - Throws: `BaseImageError` when a registry would have to be asked offline; the errors of the source.
    package func resolve(_ reference: SourceReference) throws -> Digest {
        var source = try open(reference)
        return try source.resolve().digest
    }

    /// The digest of the manifest for an architecture, of what a reference meant when it was locked.
    ///
    /// - Throws: as `resolve`, and `BaseImageError` when there is no container image for it.
    package func manifest(
        _ reference: SourceReference, _ locked: Digest, architecture: String
    ) throws -> Digest {
        let document = try document(reference, locked)
        guard case .index(let index) = try RegistryDocument(parsing: document) else { return locked }
        guard let entry = index.container(architecture: architecture) else {
            throw BaseImageError.foreign(reference, "it has no container image for \(architecture)")
        }
        return entry.digest
    }

    /// A document by digest, from the cache or from where the reference says.
    private func document(_ reference: SourceReference, _ digest: Digest) throws -> ManifestDocument {
        if let kept = try keptDocument(digest) { return kept }
        var source = try open(reference)
        let document = try source.manifest(digest)
        _ = try cache.store(document.bytes)
        return document
    }

    /// Gets the image of a digest, from the cache or from where the reference says.
    ///
    /// - Parameter progress: is told how much of all layers is here.
    /// - Throws: as `resolve`, and when the source has no such image any more.
    package func image(
        _ reference: SourceReference, _ digest: Digest, progress: @escaping (TransferProgress) throws -> Void
    ) throws -> BaseImage {
        if let kept = try kept(digest) { return kept }
        var source = try open(reference)
        let document = try source.manifest(digest)
        let manifest = try ImageManifest(parsing: document)
        guard manifest.layers.allSatisfy({ ContainerDescription.layerTypes.contains($0.mediaType) }) else {
            throw BaseImageError.foreign(reference, "a layer is of a kind that cannot be read")
        }
        try fetch(manifest, from: &source, progress)
        _ = try cache.store(try source.bytes(of: manifest.config))
        // The manifest last: with it the image counts as there.
        _ = try cache.store(document.bytes)
        return try kept(digest) ?? { throw BaseImageError.foreign(reference, "its documents do not fit together") }()
    }

    /// The documents of an image by digest, from the cache or from where the reference says; of its layers nothing is
    /// fetched.
    ///
    /// - Throws: as `resolve`.
    func documents(
        _ reference: SourceReference, _ digest: Digest
    ) throws -> (manifest: ImageManifest, config: ContainerConfig) {
        let manifest = try ImageManifest(parsing: try document(reference, digest))
        if let kept = try FileBytes.readIfPresent(
            cache.blob(manifest.config.digest), limit: ContainerConfig.maximumLength)
        {
            return (manifest, try ContainerConfig(parsing: kept))
        }
        var source = try open(reference)
        let bytes = try source.bytes(of: manifest.config)
        _ = try cache.store(bytes)
        return (manifest, try ContainerConfig(parsing: bytes))
    }

    /// Gets the layer of a package that was built elsewhere, unless it is here.
    ///
    /// - Throws: as `image`.
    func fetch(_ part: BasePart) throws {
        guard let origin = part.origin else { return }
        _ = try image(origin.reference, origin.manifest) { _ in }
    }

    private func fetch(
        _ manifest: ImageManifest, from source: inout AnySource,
        _ progress: @escaping (TransferProgress) throws -> Void
    ) throws {
        guard try manifest.layers.contains(where: { try !cache.has($0.digest) }) else { return }
        let staging = cache.folder.appending("work/images")
        // What another boatyard has half fetched is its own.
        let lock = try FileLock(cache.fetchLock)
        try withExtendedLifetime(lock) {
            let missing = try manifest.layers.filter { try !cache.has($0.digest) }
            try Folders.make(staging)
            let files = try ContainerLayers.fetch(missing, from: &source, into: staging, progress: progress)
            for (file, layer) in zip(files, missing) where try FileStatus.of(file) != nil {
                try cache.take(file, as: layer.digest)
            }
        }
    }

    /// A document that the cache has; its bytes say what it is, as OCI's do, or it is of docker's kind.
    private func keptDocument(_ digest: Digest) throws -> ManifestDocument? {
        guard let bytes = try FileBytes.readIfPresent(cache.blob(digest), limit: ImageManifest.maximumLength) else {
            return nil
        }
        return (MediaType.manifests + MediaType.indices).lazy
            .map { ManifestDocument(mediaType: $0, bytes: bytes, digest: digest) }
            .first { (try? RegistryDocument(parsing: $0)) != nil }
    }

    /// What the cache has of an image; nil unless all of it is there.
    private func kept(_ digest: Digest) throws -> BaseImage? {
        guard let document = try keptDocument(digest), let manifest = try? ImageManifest(parsing: document),
            try manifest.layers.allSatisfy({ try cache.has($0.digest) }),
            let config = try FileBytes.readIfPresent(
                cache.blob(manifest.config.digest), limit: ContainerConfig.maximumLength)
        else { return nil }
        let description = try ContainerConfig(parsing: config)
        guard description.diffIDs.count == manifest.layers.count else { return nil }
        return BaseImage(
            manifest: digest, layers: manifest.layers, contents: description.diffIDs,
            packages: try description.packages)
    }

    private func open(_ reference: SourceReference) throws -> AnySource {
        guard !isOffline || reference.isLocal else { throw BaseImageError.offline(reference) }
        return try AnySource(opening: reference, access, userAgent: "boatyard")
    }
}

/// Says why an image cannot be the base of a build.
package typealias BaseImageError = Fault<BaseImageFault>

/// Names why an image cannot be the base of a build.
package enum BaseImageFault: FaultKind {
    /// It is none, or of a kind that is not read.
    case foreign
    /// It is not in the cache, and nobody may be asked.
    case offline
}

extension BaseImageError {
    static func foreign(_ reference: SourceReference, _ cause: String) -> BaseImageError {
        BaseImageError(
            .foreign, "taking the base", "\(reference)", cause: cause,
            remedy: "Name a container image, as docker, podman and buildah make them.")
    }

    static func offline(_ reference: SourceReference) -> BaseImageError {
        BaseImageError(
            .offline, "taking the base", "\(reference)", cause: "it is not in the cache, and --offline asks nobody",
            remedy: "Run it once without --offline.")
    }
}
