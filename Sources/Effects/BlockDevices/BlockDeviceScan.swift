import Faults
import LinuxSystem
package import SystemPackage

extension BlockDevice {
    /// Reads what is on a device, or on a file that holds one.
    /// - Throws: `BlockDeviceError` when it cannot be opened or its partition table cannot be read. A file system that
    ///   cannot be read is the device's `problem`.
    package static func probe(_ path: FilePath) throws(BlockDeviceError) -> BlockDevice {
        let status: FileStatus?
        do throws(SystemError) { status = try FileStatus.of(path) } catch { throw .unreadable(path, error) }
        guard let status else { throw .unreadable(path, "no such file or directory") }
        var device = BlockDevice(path: path)
        let isNode = status.kind == .blockDevice
        if isNode {
            (device.major, device.minor) = status.device
            device.disk = try SysfsBlock().disk(major: device.major, minor: device.minor)
        }
        let probe = try BlockProbe.open(path)
        if isNode { try probe.readPartition(into: &device) }
        probe.readFilesystem(into: &device)
        return device
    }
}

/// What looking at all block devices found.
package struct BlockDeviceScan: Equatable, Sendable {
    /// The devices that could be read, by name.
    package var devices: [BlockDevice] = []
    /// One sentence for each that could not.
    package var problems: [String] = []

    /// Looks at every block device that has a size.
    /// - Throws: `BlockDeviceError` when the kernel's list cannot be read; a device that cannot is one of `problems`.
    package static func all() throws(BlockDeviceError) -> BlockDeviceScan {
        var scan = BlockDeviceScan()
        for name in try SysfsBlock().names() { scan.add(SysfsBlock.node(name)) }
        return scan
    }

    /// Looks at one device and adds it, in place of what was known of it.
    mutating func add(_ path: FilePath) {
        forget(path)
        do throws(BlockDeviceError) {
            let device = try BlockDevice.probe(path)
            devices.append(device)
            if let problem = device.problem { problems.append("\(path): \(problem)") }
        } catch {
            problems.append("\(path): \(error.cause)")
        }
    }

    /// Drops what was known of a device.
    mutating func forget(_ path: FilePath) {
        devices.removeAll { $0.path == path }
        problems.removeAll { $0.hasPrefix("\(path): ") }
    }
}

/// Finds the partitions of one disk.
package enum DiskPartitions {
    /// Returns all partitions of the disk that holds a partition, itself included, by name.
    /// - Throws: `BlockDeviceError` when the device is no partition or a partition's place in the table cannot be read.
    package static func siblings(of partition: BlockDevice) throws(BlockDeviceError) -> [BlockDevice] {
        guard let disk = partition.disk, let name = disk.lastComponent?.string else { throw .noDisk(partition.path) }
        var devices: [BlockDevice] = []
        for name in try SysfsBlock().partitions(of: name) {
            devices.append(try BlockDevice.probe(SysfsBlock.node(name)))
        }
        return devices
    }
}
