package import ImageModel
package import RegistryModel

/// Names the blobs of an image in a registry: what its OCI manifest says.
package struct ImageArtifact: Equatable, Sendable {
    /// Digest of the OCI manifest: what everything is pinned to.
    package var source: Digest
    /// The blob of `manifest.json`.
    package var manifest: Descriptor
    /// The blobs of the other files.
    package var files: [ImageFile: Descriptor]

    /// Takes the blobs of an artifact.
    ///
    /// - Throws: `RegistryModelError` when the document is no lifeboot image.
    package init(_ document: ManifestDocument) throws(RegistryModelError) {
        let blobs = try ArtifactFiles(try ImageManifest(parsing: document))
        source = document.digest
        manifest = blobs.manifest
        files = blobs.files
    }

    /// The blob of a file without which there is no image.
    ///
    /// - Throws: `FetchError` when the artifact does not have it or it is not the one that `manifest.json` names.
    func blob(_ file: ImageFile, _ expected: Manifest.File) throws -> Descriptor {
        guard let blob = files[file] else {
            throw FetchError.unusable("the image's manifest", "it has no file \(file.rawValue)")
        }
        guard blob.digest == expected.sha256, blob.size == expected.size else {
            throw FetchError.unusable("the image's manifest", "its \(file.rawValue) is not the one in manifest.json")
        }
        return blob
    }
}
