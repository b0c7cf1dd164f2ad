package import BlockDevices
import BootModel
package import DiskContract
import Faults
import LinuxSystem
package import SystemLayout
package import SystemPackage

/// The disk that was booted; its partitions are never taken from another one.
package struct BootDisk: Sendable {
    /// The boot partition.
    package let boot: BlockDevice

    /// Seconds to wait for a device that must long be there.
    private static let patience = Duration.seconds(5)

    /// Takes the disk of a boot partition that was found.
    package init(boot: BlockDevice) { self.boot = boot }

    /// Finds the disk by the boot partition's reference, in a system that runs.
    ///
    /// - Throws: `Refusal` when GRUB passed none; `BlockDeviceError` when it is not there.
    package init(_ reference: DeviceReference?) throws {
        guard let reference else {
            throw Refusal(
                .impossible, "finding", "the boot disk", cause: "the kernel's command line has no lifeboot.boot=",
                remedy: "This works only in a system that lifeboot's grub.cfg has started.")
        }
        boot = try DeviceWait.wait(for: reference, until: .after(Self.patience))
    }

    /// A partition of this disk, by PARTLABEL, then by the label of its filesystem.
    ///
    /// It is there as soon as the boot partition is: the kernel reads a table as a whole.
    ///
    /// - Throws: `PartitionError` when there is none; `BlockDeviceError` when the disk cannot be looked at.
    package func partition(_ partition: Partition) throws -> BlockDevice {
        let siblings = try DiskPartitions.siblings(of: boot)
        let found =
            siblings.first { $0.partitionLabel == partition.rawValue } ?? siblings.first { $0.label == partition.label }
        guard let found else { throw PartitionError.missing(partition, on: boot) }
        return found
    }
}

/// Looks for the disk when it is first needed, and remembers it.
package final class FoundDisk {
    private var disk: BootDisk?

    /// Starts with a disk that was found already, or with none.
    package init(_ disk: BootDisk? = nil) { self.disk = disk }

    /// The disk that was booted, by what GRUB passed.
    ///
    /// - Throws: as `BootDisk.init`, and when `/proc` cannot be read.
    package func get() throws -> BootDisk {
        if let disk { return disk }
        let line = KernelCommandLine(parsing: try Procfs.commandLine())
        let found = try BootDisk(BootParameters(line).bootPartition)
        disk = found
        return found
    }
}

/// The boot partition, mounted only while something is read from it or written to it.
package struct BootPartition: Sendable {
    /// The device.
    package let device: FilePath

    /// Names the device.
    package init(device: FilePath) { self.device = device }

    /// Mounts it where nobody else sees it, hands over a path of its root, and unmounts whatever happens.
    ///
    /// The path leads through a descriptor of this process, so nothing can be left over that keeps the next command
    /// from mounting it.
    ///
    /// - Throws: what the body throws; `SystemError` when it cannot be mounted.
    package func mounted<Result>(readOnly: Bool, _ body: (FilePath) throws -> Result) throws -> Result {
        try UnseenMount(of: device, filesystem: "vfat", readOnly: readOnly).use(body)
    }
}
