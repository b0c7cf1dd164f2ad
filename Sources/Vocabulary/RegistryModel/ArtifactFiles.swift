import Faults
package import ImageModel

/// Finds the files of a lifeboot image among the blobs of its artifact.
package struct ArtifactFiles: Equatable, Sendable {
    /// `manifest.json`: the artifact's config.
    package var manifest: Descriptor
    /// The other files by name; all without which nothing boots are there.
    package var files: [ImageFile: Descriptor]

    /// Takes the files from an artifact; layers with foreign names are passed over.
    ///
    /// - Throws: `RegistryModelError` when it is no lifeboot image, a required file is missing, a name is repeated, or
    ///   `manifest.json` is too large.
    package init(_ artifact: ImageManifest) throws(RegistryModelError) {
        guard artifact.isLifebootImage, artifact.config.mediaType == MediaType.imageConfig else {
            let kind = artifact.artifactType ?? artifact.config.mediaType
            throw Self.fault("it is no lifeboot image but \(kind.quoted)")
        }
        guard artifact.config.size <= ImageFile.manifest.sizeLimit else {
            throw Self.fault("\(ImageFile.manifest.rawValue) is longer than \(ImageFile.manifest.sizeLimit) bytes")
        }
        manifest = artifact.config
        files = [:]
        for layer in artifact.layers {
            guard let file = layer.title.flatMap(ImageFile.init(rawValue:)), ImageFile.published.contains(file),
                file != .manifest
            else { continue }
            guard files.updateValue(layer, forKey: file) == nil else {
                throw Self.fault("\(file.rawValue) is there twice")
            }
        }
        for file in ImageFile.booted where files[file] == nil { throw Self.fault("\(file.rawValue) is missing") }
    }

    private static func fault(_ cause: String) -> RegistryModelError {
        RegistryModelError(
            .document, "reading the image", "artifact", cause: cause,
            remedy: "Publish the image with 'boatyard image publish'.")
    }
}
