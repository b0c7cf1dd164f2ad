import BlockDevices
import BootModel
import BootPlanning
import LinuxSystem
import SystemLayout
import SystemPackage

/// Finds the partitions of the disk that was booted, and never those of another one.
struct BootDisk: Sendable {
    /// The boot partition.
    let boot: BlockDevice

    /// Seconds to wait for a device that must long be there.
    private static let patience = Duration.seconds(5)

    /// Finds the disk by the boot partition's reference.
    ///
    /// - Throws: `CommandFailure` when GRUB passed none; `BlockDeviceError` when it is not there.
    init(_ reference: DeviceReference?) throws {
        guard let reference else { throw CommandFailure.notOurs("") }
        boot = try DeviceWait.wait(for: reference, until: .after(Self.patience))
    }

    /// A partition of this disk, by PARTLABEL, then by file system label.
    ///
    /// - Throws: `CommandFailure` when there is none; `BlockDeviceError` when the disk's table cannot be read.
    func partition(_ source: DeviceSource) throws -> BlockDevice {
        let siblings = try DiskPartitions.siblings(of: boot)
        if case .bootDisk(let partitionLabel, let label) = source,
            let found = siblings.first(where: { $0.partitionLabel == partitionLabel })
                ?? siblings.first(where: { $0.label == label })
        {
            return found
        }
        throw CommandFailure(
            "finding", source.description, cause: "\(boot.disk?.string ?? "the disk") has no such partition",
            remedy: "Other disks are never used; restore the partition.")
    }
}

/// Remembers the disk once it was found.
final class FoundDisk {
    private var disk: BootDisk?

    /// The disk that was booted, by what GRUB passed.
    ///
    /// - Throws: as `BootDisk.init`, and when `/proc` cannot be read.
    func get() throws -> BootDisk {
        if let disk { return disk }
        let line = KernelCommandLine(parsing: try Procfs.commandLine())
        let found = try BootDisk(BootParameters(line).bootPartition)
        disk = found
        return found
    }
}
