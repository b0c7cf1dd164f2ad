package import ImageModel
package import PackageModel
package import SystemPackage

/// What `boatyard.lock` says: everything from outside that the builds of a layer use, by digest.
package struct LockFile: Equatable, Sendable {
    /// The file's name in the layer's folder.
    package static let fileName: FilePath.Component = "boatyard.lock"

    /// The digest of the document that each image's reference resolved to, by the reference as specs have it.
    package var images: [String: Digest] = [:]
    /// What the layer's image lies on; nil for an image of packages alone.
    package var base: LockedBase?
    /// The downloads by their addresses.
    package var fetches: [String: LockedFetch] = [:]
    /// The repositories of the layers below, by their references.
    package var repositories: [String: LockedRepository] = [:]
    /// What was solved from these repositories, by name; one version of a name.
    package var packages: [LockedPackage] = []
    /// The names of variables of the environment that the layer's files use.
    package var environment: Set<String> = []

    /// A lock of nothing.
    package init() {}
}

/// A download as it was.
package struct LockedFetch: Equatable, Sendable {
    /// SHA-256 of its bytes.
    package var digest: Digest
    /// Its bytes.
    package var size: Int64

    /// Describes a download.
    package init(digest: Digest, size: Int64) {
        self.digest = digest
        self.size = size
    }
}

/// The index of a repository as it was.
package struct LockedRepository: Equatable, Sendable {
    /// Its revision.
    package var revision: Int64
    /// The digest of its manifest.
    package var manifest: Digest

    /// Describes an index.
    package init(revision: Int64, manifest: Digest) {
        self.revision = revision
        self.manifest = manifest
    }
}

/// A package that was taken from a repository.
package struct LockedPackage: Equatable, Sendable {
    /// The package.
    package var name: PackageName
    /// Its version.
    package var version: PackageVersion
    /// Its architecture in Go's words, or `all`.
    package var architecture: String
    /// The repository that it is taken from, as the layer's file has it.
    package var repository: String
    /// The digest of its manifest there.
    package var manifest: Digest
    /// What it requires.
    package var requires: [PackageRequest] = []
    /// What must not be in an image with it.
    package var conflicts: [PackageRequest] = []
    /// Names under which it counts as well.
    package var provides: [PackageRequest] = []

    /// Describes a package; what has a default can be set afterwards.
    package init(
        _ name: PackageName, _ version: PackageVersion, architecture: String, repository: String, manifest: Digest
    ) {
        self.name = name
        self.version = version
        self.architecture = architecture
        self.repository = repository
        self.manifest = manifest
    }

    /// What the lock knows of what it says of itself.
    package var metadata: PackageMetadata {
        var metadata = PackageMetadata(name, version, architecture: architecture)
        (metadata.requires, metadata.conflicts, metadata.provides) = (requires, conflicts, provides)
        return metadata
    }
}
