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

    /// Names the blobs of an image.
    package init(source: Digest, manifest: Descriptor, files: [ImageFile: Descriptor]) {
        self.source = source
        self.manifest = manifest
        self.files = files
    }

    /// Takes the blobs of an OCI manifest: its config is `manifest.json`, each layer names its file in the annotation
    /// `org.opencontainers.image.title`; other layers are left out.
    ///
    /// - Throws: `FetchError` when a file is named twice.
    package init(source: Digest, config: Descriptor, layers: [Descriptor]) throws {
        var files: [ImageFile: Descriptor] = [:]
        for layer in layers {
            guard let file = layer.annotations[MediaType.title].flatMap(ImageFile.init(rawValue:)),
                ImageFile.published.contains(file), file != .manifest
            else { continue }
            guard files.updateValue(layer, forKey: file) == nil else {
                throw FetchError.unusable("the image's manifest", "it has two files \(file.rawValue)")
            }
        }
        self.init(source: source, manifest: config, files: files)
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
