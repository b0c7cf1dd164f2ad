package import ImageModel
package import InstalledSystem
package import RegistryModel
package import SystemPackage

/// Gets the files of an image into a staging folder: by fetching, making or copying.
package protocol ImageSupplier: ~Copyable {
    /// What was moved over the network so far.
    var traffic: Traffic { get }
    /// Who signs the image for the boot.
    var signature: BootSignature { get }

    /// Completes the staging folder: every file written, flushed, read back and compared; only the final name is missing.
    ///
    /// What is in the folder from an earlier attempt is used. It can be called again after a failure.
    ///
    /// - Parameters:
    ///   - folder: on the partition that is to hold the image.
    ///   - locals: folders of images on this machine, which a delta copies from.
    ///   - progress: is told how far it is; what it throws ends the staging.
    /// - Returns: the image, and what is worth knowing besides, a sentence each.
    mutating func stage(
        in folder: FilePath, locals: [FilePath], progress: @escaping (TransferProgress) throws -> Void
    ) throws -> (image: DeployableImage, notes: [String])
}
