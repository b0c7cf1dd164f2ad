import BlockDevices
import BootExecution
package import BootModel
import BootPlanning
import Filesystems
import GrubEnvironment
import ImageModel
import LinuxSystem
import SystemPackage
package import TransactionPlanning

extension ResetFacts {
    /// Gathers what a reset is planned from; nothing is written.
    ///
    /// - Parameters:
    ///   - image: the image to deploy.
    ///   - isKeyGiven: whether a key file or passphrase was given.
    /// - Throws: `Refusal` when `boot.env` cannot be used; `BlockDeviceError` when a partition is not there. A state
    ///   partition that cannot be read is a fact: it will be mended.
    package init(
        of disk: BootDisk, _ parameters: BootParameters, image: PlannedImage, isKeyGiven: Bool
    ) throws {
        let environment = try OperationLock.withPartitions { try EnvironmentCommit(device: disk.boot.path).read() }
        let persistent = PersistentFacts(
            isEncrypted: try disk.partition(.persistent).filesystemType == "crypto_LUKS",
            hasStoredKey: try FileStatus.of(MachinePaths.persistentKey) != nil)
        self.init(role: parameters.role, environment: environment, persistent: persistent, image: image)
        self.isKeyGiven = isKeyGiven
        record = try Self.record(parameters)
        do { try readState(disk) } catch { free = nil }
    }

    /// The record lies beside the image that runs; only recovery needs it.
    private static func record(_ parameters: BootParameters) throws -> ResetRecord? {
        guard parameters.role == .recovery else { return nil }
        let path = MachinePaths.recovery.appending(ResetRecord.file.components)
        return try FileBytes.readIfPresent(path, limit: ResetRecord.limit).flatMap { ResetRecord(parsing: $0) }
    }

    private mutating func readState(_ disk: BootDisk) throws {
        let isMounted = try Procfs.mounts().contains { $0.target == MachinePaths.state }
        if isMounted {
            try readImages(MachinePaths.state)
        } else {
            let images = try OperationLock.withPartitions {
                try TemporaryMount.readOnly(disk.partition(.state)) { try Self.images($0) }
            }
            take(images)
        }
    }

    private mutating func readImages(_ root: FilePath) throws { take(try Self.images(root)) }

    private mutating func take(_ images: (ids: [ImageID], free: Int64)) {
        isDeployed = image.id.map { images.ids.contains($0) } ?? false
        otherImages = images.ids.filter { $0 != image.id }
        free = images.free
    }

    private static func images(_ root: FilePath) throws -> (ids: [ImageID], free: Int64) {
        let names = try DirectoryListing.names(of: root.appending(MachinePaths.images.components))
        return (names.compactMap { ImageID($0) }, Int64(try FreeSpace.bytes(at: root)))
    }
}
