package import BlockDevices
package import BootModel
package import DiskContract
import Faults
package import LinuxSystem
package import SystemLayout
package import SystemPackage

/// The disk that was booted; its partitions are never taken from another one.
package struct BootDisk: Sendable {
    /// The boot partition.
    package let boot: BlockDevice
    /// Its partitions, when they were asked for once and for all.
    private var known: [BlockDevice]?

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
        boot = try BootPartitionNote.partition() ?? DeviceWait.wait(for: reference, until: .after(Self.patience)).device
    }

    /// Takes the disk that the running image lies on, which no name can confuse with a copy of it.
    ///
    /// - Parameters:
    ///   - parameters: say which partition the image was mounted from, and what the boot partition is called.
    ///   - mounts: all mounts.
    /// - Returns: nil when that partition is not mounted, or its disk has no such boot partition.
    /// - Throws: `BlockDeviceError` when the disk cannot be looked at.
    package init?(running parameters: BootParameters, _ mounts: [MountEntry]) throws {
        if let noted = try BootPartitionNote.partition() {
            boot = noted
            return
        }
        guard let role = parameters.role, let reference = parameters.bootPartition,
            let mount = mounts.last(where: { $0.target == MachinePaths.store(role) }),
            let partition = try BlockDevice.partition(numbered: mount.device),
            let boot = try DiskPartitions.siblings(of: partition).first(where: { $0.matches(reference) })
        else { return nil }
        self.boot = boot
    }

    /// The same disk with its table read now, for one boot, in which nobody changes it.
    ///
    /// - Throws: `BlockDeviceError` when the disk cannot be looked at.
    package func withPartitions() throws -> BootDisk {
        var disk = self
        disk.known = try DiskPartitions.siblings(of: boot)
        return disk
    }

    /// Partitions of other disks that have the identity of this boot partition: copies of this disk.
    ///
    /// A disk that does not answer in time counts as none.
    ///
    /// - Throws: `BlockDeviceError` when the kernel's list of devices cannot be read.
    package func copies() throws -> [BlockDevice] {
        try DiskPartitions.namesakes(of: boot, until: .after(.seconds(2)))
    }

    /// A partition of this disk, by PARTLABEL, then by the label of its filesystem or encrypted volume.
    ///
    /// It is there as soon as the boot partition is: the kernel reads a table as a whole.
    ///
    /// - Throws: `PartitionError` when there is none; `BlockDeviceError` when the disk cannot be looked at.
    package func partition(_ partition: Partition) throws -> BlockDevice {
        let siblings = try known ?? DiskPartitions.siblings(of: boot)
        if let named = siblings.first(where: { $0.partitionLabel == partition.rawValue }) {
            return try BlockDevice.probe(named.path)
        }
        for sibling in siblings {
            let device = try BlockDevice.probe(sibling.path)
            if device.label == partition.label || device.label == partition.containerLabel { return device }
        }
        throw PartitionError.missing(partition, on: boot)
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
        let parameters = BootParameters(KernelCommandLine(parsing: try Procfs.commandLine()))
        let found = try BootDisk(running: parameters, Procfs.mounts()) ?? BootDisk(parameters.bootPartition)
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
