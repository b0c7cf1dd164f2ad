package import BuildPlanning
import Faults
package import ImageModel
package import PackageModel
import PackageSpecs
package import RegistryModel

/// A package that was built elsewhere and is taken from a repository.
package struct PublishedPackage: Equatable, Sendable {
    /// Its repository, with the digest of its manifest.
    package var reference: SourceReference
    /// The digest of its manifest there.
    package var manifest: Digest
    /// What it says of itself.
    package var metadata: PackageMetadata
    /// Its artefact, whose layer need not be here yet.
    package var output: BuildOutput

    /// Reads what a locked package is; its layer is fetched when a build needs it.
    ///
    /// The lock has the digest of a signed index that named it: what has this digest is what was published.
    ///
    /// - Throws: `PackageBuildError` for what is not the package that the lock says; as `BaseImages.documents`.
    init(_ locked: LockedPackage, in reference: SourceReference, _ images: BaseImages) throws {
        self.reference = reference
        manifest = locked.manifest
        let (document, config) = try images.documents(reference, locked.manifest)
        metadata = try PackageMetadata(parsing: Array((config.labels[PackageMetadata.label] ?? "").utf8))
        guard metadata.name == locked.name, metadata.version == locked.version,
            document.layers.count == config.diffIDs.count, document.layers.count <= 1
        else { throw PackageBuildError.foreign(locked, reference) }
        output = BuildOutput(metadata.name)
        guard let layer = document.layers.first, let content = config.diffIDs.first else { return }
        output = BuildOutput(
            metadata.name, layer: layer.digest, content: content, size: Int64(layer.size), installedSize: 0)
    }
}

extension PackageBuildError {
    fileprivate static func foreign(_ locked: LockedPackage, _ reference: SourceReference) -> PackageBuildError {
        PackageBuildError(
            .unsupported, "taking the package", "\(locked.name) \(locked.version) from \(reference)",
            cause: "what the lock names by digest is another package, or none",
            remedy: "Run 'boatyard lock --update'.")
    }
}
