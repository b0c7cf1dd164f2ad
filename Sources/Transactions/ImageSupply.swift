import BootModel
package import ImageModel
import LinuxSystem
package import SystemPackage
package import TransactionPlanning

/// Brings the image that a reset or an installation deploys.
package protocol ImageSupply {
    /// The image, as far as it is known beforehand.
    var image: PlannedImage { get }
    /// The name of the staging folder: the same for the same source, so that a resumption finds what is there.
    var stagingName: String { get }

    /// Writes the files into a staging folder and reads them back from the disk.
    ///
    /// - Parameter store: the partition that the folder is on.
    /// - Returns: the image's id.
    /// - Throws: the error of the layer that failed; `CancellationRequest`.
    mutating func write(into staging: FilePath, on store: ImageStore, progress: StepProgress) throws -> ImageID

    /// Says whether a partition holds exactly this image already.
    ///
    /// - Throws: when that cannot be found out.
    func isPresent(on store: ImageStore, progress: StepProgress) throws -> Bool
}

/// Brings an image that lies on another partition of this machine.
package struct LocalImageSupply: ImageSupply {
    private let copy: ImageCopy
    /// The image, as far as it is known beforehand.
    package let image: PlannedImage

    /// Takes an image directory.
    ///
    /// - Parameter source: where it is, for people.
    /// - Throws: `ImageVerificationError` when its manifest is not the one expected or not signed; `SystemError`.
    package init(_ directory: FilePath, id: ImageID, source: String) throws {
        copy = try ImageCopy(directory, id: id)
        image = PlannedImage(
            source: source, id: id, title: "\(copy.manifest.name) \(copy.manifest.version)", size: try copy.size())
    }

    /// The name of the staging folder.
    package var stagingName: String { ImageStore.stagingPrefix + copy.id.description }

    /// Copies the files, and the key of this machine when it signed them.
    package func write(
        into staging: FilePath, on store: ImageStore, progress: StepProgress
    ) throws -> ImageID {
        try copy.run(into: staging, progress: progress)
        if try FileStatus.of(staging.appending(MachinePaths.localSignature)) != nil { try copyKey(to: store.root) }
        return copy.id
    }

    /// Compares every digest.
    package func isPresent(on store: ImageStore, progress: StepProgress) throws -> Bool {
        try copy.matches(store.directory(copy.id), progress: progress)
    }

    /// The initramfs looks for the key on the partition that holds the image.
    private func copyKey(to root: FilePath) throws {
        let place = MachinePaths.machineKey.components
        let source = copy.source.removingLastComponent().removingLastComponent().appending(place)
        let key = try FileBytes.read(source, limit: 1 << 16)
        let target = root.appending(place)
        if try FileBytes.readIfPresent(target, limit: 1 << 16) == key { return }
        try DirectoryListing.make(target.removingLastComponent())
        try AtomicFile.write(key, to: target)
    }
}

extension ImageStore {
    /// Puts an image into its place, unless it is there already; an image of its name that differs is replaced.
    ///
    /// - Returns: the image's id, and whether it was there.
    /// - Throws: as the supply; `SystemError` when it cannot be named. What was staged stays for the next try.
    package func deploy(
        _ supply: inout some ImageSupply, progress: StepProgress
    ) throws -> (id: ImageID, wasPresent: Bool) {
        if let id = supply.image.id {
            // A name alone does not say that GRUB can see the files: a cut may have come before the flush.
            if try supply.isPresent(on: self, progress: progress) {
                try publish(directory(id), as: id)
                return (id, true)
            }
            try remove(id.description)
        }
        for name in try DirectoryListing.names(of: images)
        where name.hasPrefix(Self.stagingPrefix) && name != supply.stagingName {
            try remove(name)
        }
        let staging = try makeStaging(supply.stagingName)
        let id = try supply.write(into: staging, on: self, progress: progress)
        try remove(id.description)
        try publish(staging, as: id)
        return (id, false)
    }
}
