import Cryptography
package import ImageModel
package import RegistryModel
package import SystemPackage

/// Holds what an image says of itself before any of it is fetched.
package struct ImageDocuments: Equatable, Sendable {
    /// The blobs.
    package let artifact: ImageArtifact
    /// The bytes of `manifest.json`.
    package let manifestBytes: [UInt8]
    /// The bytes of `manifest.sig`; nil when the image is not signed.
    package let signatureBytes: [UInt8]?
    /// The manifest.
    package let manifest: Manifest
    /// The image's id.
    package let id: ImageID

    /// Reads the two documents of an image and has them verified before anything in them is believed.
    ///
    /// - Parameters:
    ///   - folders: image directories that may have them already: the staging folder of an earlier attempt.
    ///   - verify: takes the bytes of `manifest.json` and of `manifest.sig` and throws when they are not to be trusted.
    /// - Throws: what `verify` throws, the error of the source, `ManifestError`, or `FetchError` when a blob is too large,
    ///   is missing or contradicts the manifest.
    package static func read(
        _ artifact: ImageArtifact, folders: [FilePath] = [], from source: inout some BlobSource & ~Copyable,
        verify: (_ manifest: [UInt8], _ signature: [UInt8]?) throws -> Void
    ) throws -> ImageDocuments {
        let bytes = try DocumentFetch.read(
            artifact.manifest, .manifest, limit: ImageFile.manifest.sizeLimit, folders: folders, from: &source)
        var signature: [UInt8]?
        if let blob = artifact.files[.signature] {
            signature = try DocumentFetch.read(
                blob, .signature, limit: ImageFile.signature.sizeLimit, folders: folders, from: &source)
        }
        try verify(bytes, signature)
        return try ImageDocuments(artifact, bytes, signature)
    }

    private init(_ artifact: ImageArtifact, _ bytes: [UInt8], _ signature: [UInt8]?) throws {
        self.artifact = artifact
        manifestBytes = bytes
        signatureBytes = signature
        manifest = try Manifest(parsing: bytes)
        id = ImageID(manifestDigest: artifact.manifest.digest)
        for (file, expected) in manifest.bootedFiles { _ = try artifact.blob(file, expected) }
        if let chunks = manifest.chunks, artifact.files[.chunks] != nil { _ = try artifact.blob(.chunks, chunks) }
    }
}

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
