package import RegistryModel

extension MediaType {
    /// `artifactType` of a package: a container image of one layer, or none.
    package static let package = "application/vnd.lifeboot.package.v1"
    /// `artifactType` of what is known about a package besides: its list of files, its bill of materials.
    package static let packageDetails = "application/vnd.lifeboot.package.details.v1"
    /// `artifactType` of the index of a repository of packages.
    package static let repository = "application/vnd.lifeboot.repository.v1"
    /// The index of a repository of packages, compressed with zstd.
    package static let repositoryIndex = "application/vnd.lifeboot.repository.index.v1+json+zstd"
    /// `artifactType` of the mark that a repository is being pruned.
    package static let pruneMark = "application/vnd.lifeboot.repository.prune.v1"
    /// A layer of a container image, compressed with gzip.
    package static let layer = "application/vnd.oci.image.layer.v1.tar+gzip"
}
