package import ImageModel
package import SystemPackage

/// Says what image to make out of a container image, and where.
package struct ContainerRequest: Sendable {
    /// The container image.
    package var container: ContainerDescription
    /// The staging folder on the partition that the image is for; what a former run left in it is used.
    package var staging: FilePath
    /// The image that the machine runs, whose kernel and initrd serve a container without any; nil for none.
    package var local: LocalBootFiles?
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
}
