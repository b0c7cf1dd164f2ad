package import BlockDevices
import BootExecution
package import BootModel
import LinuxSystem
import ReleaseModel
package import SystemLayout
import SystemPackage

/// Finds the partitions of the disk that was booted, and never those of another one.
package struct BootDisk: Sendable {
    /// The boot partition.
    package let boot: BlockDevice

    /// Seconds to wait for a device that must long be there.
    private static let patience = Duration.seconds(5)

    /// Finds the disk by the boot partition's reference.
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

    /// A partition of this disk, by PARTLABEL, then by file system label.
    ///
    /// - Throws: an error that says that other disks are never used, when there is none; `BlockDeviceError` when the
    ///   disk's table cannot be read.
    package func partition(_ source: DeviceSource) throws -> BlockDevice {
        try DeviceFinder(bootPartition: boot).find(source)
    }
}

/// Remembers the disk once it was found.
package final class FoundDisk {
    private var disk: BootDisk?

    /// Has looked at nothing yet.
    package init() {}

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
