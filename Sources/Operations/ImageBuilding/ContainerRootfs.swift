import ImageAssembly
import ImageModel
import LinuxSystem
import RegistryAccess
import RegistryModel
import SystemPackage

/// Gets the layers of a container image, wherever it is, beside the image that is made of them.
struct ContainerRootfs {
    /// Layers, lowest first, in the staging folder.
    let layers: [FilePath]
    /// Digest of the document that the reference named.
    let digest: Digest

    /// Fetches the layers of the image for this architecture, each checked against its digest.
    ///
    /// - Throws: `ImageBuildError` when there is no container image; the errors of the source, `ImageAssemblyError`.
    init(
        _ reference: SourceReference, _ access: RegistryConfiguration, in staging: FilePath,
        progress: @escaping (TransferProgress) -> Void
    ) throws {
        var source = try AnySource(opening: reference, access, userAgent: "boatyard")
        let top = try source.resolve()
        let manifest = try Self.manifest(of: top, reference, in: &source)
        let container = try ContainerDescription.read(manifest, source: top.digest, from: &source)
        digest = top.digest
        layers = try ContainerLayers.fetch(container.layers, from: &source, into: staging, progress: progress)
    }

    /// What lies in a staging folder.
    enum Leftover {
        /// Layers, when they are packed.
        case layers
        /// What was made of them, when it is to be made anew.
        case packed
    }

    /// Removes one or the other.
    ///
    /// - Throws: `SystemError`.
    static func clean(_ staging: FilePath, of leftover: Leftover) throws {
        for name in try Folders.names(of: staging) where name.hasPrefix(ContainerLayers.prefix) == (leftover == .layers)
        {
            try Folders.removeFile(staging.appending(name))
        }
    }

    /// The manifest of the container image, also where an index lists a built image beside it.
    private static func manifest(
        of top: ManifestDocument, _ reference: SourceReference, in source: inout AnySource
    ) throws -> ImageManifest {
        var manifest: ImageManifest
        switch try RegistryDocument(parsing: top) {
        case .manifest(let single): manifest = single
        case .index(let index):
            guard let entry = index.container(architecture: ImageArchitecture.host) else {
                throw unsuitable(reference, "it has no container image for \(ImageArchitecture.host)")
            }
            manifest = try ImageManifest(parsing: try source.manifest(entry.digest))
        }
        guard !manifest.isLifebootImage else {
            throw unsuitable(reference, "it is a built image, not a root filesystem")
        }
        return manifest
    }

    private static func unsuitable(_ reference: SourceReference, _ cause: String) -> ImageBuildError {
        ImageBuildError(
            "taking the root filesystem from", reference.description, cause,
            remedy: "Name a container image, a tar archive or a folder with a root filesystem.")
    }
}
