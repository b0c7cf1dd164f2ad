package import ImageModel
package import ImagePlanning
package import RegistryModel
package import SystemPackage

/// What a container image says of itself, before any of its layers is fetched.
package struct ContainerDescription: Equatable, Sendable {
    /// Layers, lowest first.
    package let layers: [Descriptor]
    /// The image's config.
    package let config: ContainerConfig
    /// What the manifest will say; from labels where there are any.
    package let draft: ManifestDraft

    /// The media types of layers that are read, compressed or not.
    package static let layerTypes = [
        "application/vnd.oci.image.layer.v1.tar", "application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.oci.image.layer.v1.tar+zstd", "application/vnd.docker.image.rootfs.diff.tar",
        "application/vnd.docker.image.rootfs.diff.tar.gzip", "application/vnd.docker.image.rootfs.diff.tar.zstd",
        // Layers that some registries do not keep; where they do, they are layers as any other.
        "application/vnd.oci.image.layer.nondistributable.v1.tar",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
        "application/vnd.docker.image.rootfs.foreign.diff.tar",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    ]

    /// Joins manifest and config.
    ///
    /// - Parameter source: digest of the top document that the reference resolved to.
    /// - Throws: `ImageAssemblyError` when they do not fit together, a layer is of a kind that cannot be read, a label has a
    ///   value that no manifest can hold, or the image is for another architecture than this machine's.
    package init(manifest: ImageManifest, config: ContainerConfig, source: Digest) throws(ImageAssemblyError) {
        guard config.operatingSystem == "linux", config.architecture == ImageArchitecture.host else {
            throw ImageAssemblyError(
                .wrongArchitecture, "reading", "the container image",
                "it is for \(config.operatingSystem)/\(config.architecture), this machine is linux/\(ImageArchitecture.host)",
                remedy: "Name an image for this architecture.")
        }
        guard manifest.layers.count == config.diffIDs.count, !manifest.layers.isEmpty else {
            throw Self.malformed("\(manifest.layers.count) layers and \(config.diffIDs.count) digests of their content")
        }
        if let layer = manifest.layers.first(where: { !Self.layerTypes.contains($0.mediaType) }) {
            throw Self.malformed("layer \(layer.digest) is of type '\(layer.mediaType)', which cannot be read")
        }
        layers = manifest.layers
        self.config = config
        draft = try ContainerLabels.draft(config, source: source)
    }

    /// Fetches the config of a container image and joins it with the manifest.
    ///
    /// - Throws: the errors of the source and `RegistryModelError`, and as `init(manifest:config:source:)`.
    package static func read(
        _ manifest: ImageManifest, source digest: Digest, from source: inout some BlobSource & ~Copyable
    ) throws -> ContainerDescription {
        guard manifest.config.size <= ContainerConfig.maximumLength else {
            throw malformed("the config has \(manifest.config.size) bytes")
        }
        let config = try ContainerConfig(parsing: try source.bytes(of: manifest.config))
        return try ContainerDescription(manifest: manifest, config: config, source: digest)
    }

    private static func malformed(_ cause: String) -> ImageAssemblyError {
        ImageAssemblyError(
            .damaged, "reading", "the container image", cause, remedy: "Build and push the container image again.")
    }
}

/// Says what image to make out of a container image, and where.
package struct ContainerRequest: Sendable {
    /// The container image.
    package var container: ContainerDescription
    /// The staging folder on the partition that the image is for; what a former run left in it is used.
    package var staging: FilePath
    /// The image that the machine runs, whose kernel and initrd serve a container without any; nil for none.
    package var local: LocalBootFiles?
    /// The kernel to take; nil takes the newest.
    package var kernelVersion: KernelVersion?
    /// Names of checks whose findings are accepted (`ImageChecks`).
    package var allowedChecks: Set<String> = []
    /// zstd's level, 1 to 22.
    package var compressionLevel = 9
    /// Bytes in a block of the root image: a power of two from 4 KiB to 1 MiB.
    package var blockSize = 128 << 10

    /// Asks for an image with defaults.
    package init(container: ContainerDescription, staging: FilePath, local: LocalBootFiles? = nil) {
        self.container = container
        self.staging = staging
        self.local = local
    }
}

/// An image made out of a container image.
package struct AssembledImage: Equatable, Sendable {
    /// Where kernel and initrd are from.
    package enum BootFiles: Equatable, Sendable {
        /// The container image.
        case container
        /// An image that was on this machine.
        case local(ImageID)
    }

    /// The image, complete but for its final name.
    package var image: DeployableImage
    /// Where kernel and initrd are from.
    package var bootFiles: BootFiles
    /// What the operator should know, sentences without full stop.
    package var notes: [String]
    /// What checks found that refuses no image, a sentence each.
    package var warnings: [String] = []
}
