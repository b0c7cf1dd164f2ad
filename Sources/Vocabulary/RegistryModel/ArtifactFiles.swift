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

/// Names the media types that are read and written (OCI image specification and Docker's of the same meaning).
package enum MediaType {
    /// An OCI image manifest; also of artifacts.
    package static let manifest = "application/vnd.oci.image.manifest.v1+json"
    /// An OCI image index.
    package static let index = "application/vnd.oci.image.index.v1+json"
    /// Docker's image manifest, schema 2.
    package static let dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
    /// Docker's manifest list.
    package static let dockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json"
    /// `artifactType` of a lifeboot image (docs/repository.md); also the media type of its config, `manifest.json`.
    package static let image = "application/vnd.lifeboot.image.v1"
    /// The config of a lifeboot image: the bytes of `manifest.json`.
    package static let imageConfig = "application/vnd.lifeboot.image.config.v1+json"
    /// A file of a lifeboot image; its name is in the annotation `org.opencontainers.image.title`.
    package static let imageFile = "application/vnd.lifeboot.image.file.v1"
    /// `artifactType` of a channel; its layers are the document and the signatures over it.
    package static let channel = "application/vnd.lifeboot.channel.v1"
    /// The channel document.
    package static let channelDocument = "application/vnd.lifeboot.channel.document.v1+json"
    /// The payload of a cosign signature (simple signing).
    package static let simpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json"
    /// The signatures over a channel document, in the format of `manifest.sig`.
    package static let signatures = "application/vnd.lifeboot.signatures.v1"
    /// The config of an artifact that needs none: `{}` (OCI image specification, "Guidance for an Empty Descriptor").
    package static let empty = "application/vnd.oci.empty.v1+json"
    /// The config of a container image.
    package static let containerConfig = "application/vnd.oci.image.config.v1+json"
    /// Docker's config of a container image.
    package static let dockerConfig = "application/vnd.docker.container.image.v1+json"
    /// Manifests of one image or artifact.
    package static let manifests = [manifest, dockerManifest]
    /// Lists of manifests.
    package static let indices = [index, dockerIndex]
    /// The annotation of an entry of a layout's index with the name of the document.
    package static let layoutName = "org.opencontainers.image.ref.name"
    /// The annotation with the file name of a layer.
    package static let title = "org.opencontainers.image.title"
}
