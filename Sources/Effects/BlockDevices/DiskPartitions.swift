package import LinuxSystem
import SystemLayout
package import SystemPackage

/// Finds the partitions of one disk.
package enum DiskPartitions {
    /// Returns all partitions of the disk that holds a partition, itself included, by name; their filesystems are not looked at.
    ///
    /// The table is read once for all of them; a partition that is not in it is asked itself.
    ///
    /// - Throws: `BlockDeviceError` when the device is no partition or a partition's place in the table cannot be read.
    package static func siblings(of partition: BlockDevice) throws(BlockDeviceError) -> [BlockDevice] {
        guard let disk = partition.disk, let name = disk.lastComponent?.string else { throw .noDisk(partition.path) }
        let table = try BlockProbe.open(disk).readTable() ?? [:]
        var devices: [BlockDevice] = []
        for (name, number) in try SysfsBlock().numberedPartitions(of: name) {
            let node = SysfsBlock.node(name)
            guard let entry = table[number] else {
                devices.append(try BlockDevice.probePartition(node))
                continue
            }
            devices.append(try BlockDevice(node, on: disk, entry))
        }
        return devices
    }

    /// Returns the nodes of a disk's partitions, by name; none for a partition.
    ///
    /// - Throws: `BlockDeviceError` when the kernel does not say what it has.
    package static func nodes(of disk: FilePath) throws(BlockDeviceError) -> [FilePath] {
        // The kernel writes `!` for the slashes in a name.
        let name = disk.components.dropFirst().map(\.string).joined(separator: "!")
        return try SysfsBlock().partitions(of: name).map { SysfsBlock.node($0) }
    }

    /// Returns the partitions of other disks that have the GUID of a partition, as far as their disks answer in time.
    ///
    /// - Throws: `BlockDeviceError` when the kernel's list of devices cannot be read.
    package static func namesakes(
        of partition: BlockDevice, until deadline: Deadline
    ) throws(BlockDeviceError) -> [BlockDevice] {
        guard let name = partition.partitionUUID else { return [] }
        let own = partition.disk?.lastComponent?.string
        let probes: DeviceProbes
        do throws(SystemError) {
            probes = try DeviceProbes { (path) throws(BlockDeviceError) in
                DeviceSighting(try BlockDevice.probePartition(path))
            }
        } catch { throw .list("/dev", error) }
        for (disk, names) in try SysfsBlock().disks() where disk != own {
            for name in names.dropFirst() { probes.ask(about: SysfsBlock.node(name), on: disk) }
        }
        var scan = BlockDeviceScan()
        do throws(SystemError) {
            while !probes.unanswered.isEmpty, try probes.signal.wait(until: deadline) {}
        } catch { throw .list("/dev", error) }
        for finding in probes.take() { scan.note(finding) }
        return scan.sightings(of: .partitionUUID(name)).map(\.device).sorted { $0.path.string < $1.path.string }
    }
}

extension BlockDevice {
    /// A partition by its entry in the table of its disk.
    fileprivate init(
        _ node: FilePath, on disk: FilePath, _ entry: (uuid: String?, label: String?)
    ) throws(BlockDeviceError) {
        let status: FileStatus?
        do throws(SystemError) { status = try FileStatus.of(node) } catch { throw .unreadable(node, error) }
        guard let status, status.kind == .blockDevice else { throw .unreadable(node, "no such device") }
        self.init(path: node)
        (major, minor) = status.device
        self.disk = disk
        (partitionUUID, partitionLabel) = entry
    }

    /// The device with the numbers that a mount names, as `8:1`, without its filesystem; nil when the kernel has none.
    ///
    /// - Throws: as `probePartition`.
    package static func partition(numbered text: String) throws(BlockDeviceError) -> BlockDevice? {
        let numbers = text.split(separator: ":").compactMap { UInt32($0) }
        guard numbers.count == 2, let node = try SysfsBlock().node(major: numbers[0], minor: numbers[1]) else {
            return nil
        }
        return try probePartition(node)
    }
}
