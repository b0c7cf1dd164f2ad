import BootModel
import DiskContract
import ImageFetching
import ImageFolders
package import ImageModel
package import InstalledSystem
import LinuxSystem
package import RegistryModel
package import SystemPackage
package import TransactionPlanning

/// Supplies an image that lies in a folder of this machine: on another partition, or on media.
package struct LocalImageSupplier: ImageSupplier {
    /// The image.
    package let image: PlannedImage
    private let directory: FilePath

    /// Takes an image directory whose manifest is the one expected, signed by a trusted key or by this machine.
    ///
    /// - Parameter source: where it is, for people.
    /// - Throws: `ImageVerificationError` when it is not; `SystemError` when it cannot be read.
    package init(_ directory: FilePath, id: ImageID, source: String) throws {
        let manifest = try ImageVerification.manifest(in: directory, expected: id, local: .inBootedSystem())
        self.directory = directory
        // The folder lies in `images` of its store.
        signature = .asWhereItWas(store: directory.removingLastComponent().removingLastComponent())
        image = PlannedImage(
            source: source, id: id, title: "\(manifest.name) \(manifest.version)", size: try Self.size(of: directory),
            staging: DiskFiles.stagingPrefix + id.description)
    }

    /// Nothing is moved over a network.
    package var traffic: Traffic { Traffic() }

    /// What signed it where it lies counts here too.
    package let signature: BootSignature

    /// Copies the files.
    package func stage(
        in folder: FilePath, locals: [FilePath], progress: @escaping (TransferProgress) throws -> Void
    ) throws -> (image: DeployableImage, notes: [String]) {
        (try ImageCopy.run(from: directory, into: folder, observer: progress), [])
    }

    private static func size(of directory: FilePath) throws -> Int64 {
        try Folders.names(of: directory).reduce(0) { sum, name in
            sum + ((try FileStatus.of(directory.appending(name))?.size ?? 0) + 4095) / 4096 * 4096
        }
    }
}
