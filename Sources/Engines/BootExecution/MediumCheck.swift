import BlockDevices
import BootModel
import BootPlanning
import DiskContract
import ImageFolders
import ImageModel
import LinuxSystem
import SystemPackage

/// Whether a device carries an image that a key in the initramfs has signed.
struct MediumCheck: Sendable {
    private let image: ImageID
    private let policy: VerityPolicy
    /// Nil where somebody else loads modules.
    private let filesystems: FilesystemModules?
    private let log: KernelLog

    init(_ image: ImageID, _ policy: VerityPolicy, _ filesystems: FilesystemModules?, _ log: KernelLog) {
        (self.image, self.policy, self.filesystems, self.log) = (image, policy, filesystems, log)
    }

    /// Mounts it where nobody sees it, and looks; what is there and does not hold is told.
    func accepts(_ device: BlockDevice) -> Bool {
        guard let filesystem = MediumFilesystem(device.filesystemType, onPartition: device.partitionLabel),
            !isRuledOut(device, filesystem)
        else { return false }
        filesystems?.prepare(filesystem)
        do {
            return try UnseenMount(of: device.path, filesystem: filesystem.rawValue, readOnly: true).use { root in
                let folder = root.appending(DiskFiles.image(image).components)
                guard try FileStatus.of(folder) != nil else { return false }
                try check(folder)
                return true
            }
        } catch {
            // The partitions of a medium that is mounted as a whole are in use by that.
            let isInUse = (error as? SystemError)?.errno == .resourceBusy
            log.write("\(device.path): \(error)", level: isInUse ? .debug : .warning)
            return false
        }
    }

    /// Whether its sectors alone show that it has no image: nearly every disk has a small FAT for its firmware.
    private func isRuledOut(_ device: BlockDevice, _ filesystem: MediumFilesystem) -> Bool {
        guard filesystem == .vfat, let folder = DiskFiles.images.components.first else { return false }
        return (try? FatVolume.lacks(folder.string, on: device.path)) == true
    }

    /// No key of the machine's own counts: a medium could bring its own.
    private func check(_ folder: FilePath) throws {
        if policy == .off {
            _ = try ImageFolder(folder, expected: image)
        } else {
            _ = try ImageVerification.manifest(in: folder, expected: image, local: .refuse)
        }
    }
}
