import BootModel
import DiskContract
import ImageFetching
import ImageFolders
package import ImageModel
import InstalledSystem
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
        let manifest = try ImageVerification.manifest(in: directory, expected: id)
        self.directory = directory
        image = PlannedImage(
            source: source, id: id, title: "\(manifest.name) \(manifest.version)", size: try Self.size(of: directory),
            staging: DiskFiles.stagingPrefix + id.description)
    }

    /// Nothing is moved over a network.
    package var traffic: Traffic { Traffic() }

    /// What signed it where it lies counts here too.
    package var needsLocalSignature: Bool { false }

    /// Copies the files, and the key of this machine when it signed them.
    package func stage(
        in folder: FilePath, locals: [FilePath], progress: StepProgress
    ) throws -> (image: DeployableImage, notes: [String]) {
        let copy = try ImageCopy.run(from: directory, into: folder) { try progress.report($0) }
        if try FileStatus.of(folder.appending(ImageFile.localSignature)) != nil {
            try copyKey(to: Self.root(of: folder))
        }
        return (copy, [])
    }

    /// The initramfs looks for the key on the partition that holds the image.
    private func copyKey(to root: FilePath) throws {
        let place = DiskFiles.machineKey.components
        let key = try FileBytes.read(Self.root(of: directory).appending(place), limit: 1 << 16)
        let target = root.appending(place)
        if try FileBytes.readIfPresent(target, limit: 1 << 16) == key { return }
        try Folders.make(target.removingLastComponent())
        try AtomicFile.write(key, to: target)
    }

    /// The partition of an image folder, which lies in `images`.
    private static func root(of folder: FilePath) -> FilePath {
        folder.removingLastComponent().removingLastComponent()
    }

    private static func size(of directory: FilePath) throws -> Int64 {
        try Folders.names(of: directory).reduce(0) { sum, name in
            sum + ((try FileStatus.of(directory.appending(name))?.size ?? 0) + 4095) / 4096 * 4096
        }
    }
}
