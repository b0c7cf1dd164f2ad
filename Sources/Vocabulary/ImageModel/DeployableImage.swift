package import SystemPackage

/// A complete image in a staging folder: all files written, flushed and read back; only its final name is missing.
package struct DeployableImage: Equatable, Sendable {
    /// The image's id, from its manifest.
    package var id: ImageID
    /// What the image is.
    package var manifest: Manifest
    /// The folder with the files.
    package var directory: FilePath

    /// Describes a staged image.
    package init(id: ImageID, manifest: Manifest, directory: FilePath) {
        self.id = id
        self.manifest = manifest
        self.directory = directory
    }
}
