import LinuxSystem
package import SystemPackage

/// What a whole disk is like.
package struct DiskDescription: Equatable, Sendable {
    /// The kernel's own node, whatever link led to it.
    package var path: FilePath
    /// The size in bytes.
    package var size: Int64
    /// Bytes of a logical sector.
    package var sectorSize: Int64
    /// Whether it is write-protected.
    package var isReadOnly: Bool
    /// Its partitions as the kernel has read them.
    package var partitions: [BlockDevice]
    /// Whether the kernel reads partitions on it at all.
    package var readsPartitions: Bool
    /// The whole disks that it is made of, such as the paths of a multipath device; none for a disk.
    package var parts: [FilePath]
    /// What it or one of its partitions is a member of, a phrase each; such a device is not for its own use.
    package var memberships: [String]

    /// Looks at a disk.
    ///
    /// - Throws: `BlockDeviceError` when the path is no block device, or a partition, or cannot be read.
    package init(of path: FilePath) throws(BlockDeviceError) {
        let status: FileStatus?
        do throws(SystemError) { status = try FileStatus.of(path) } catch { throw .unreadable(path, error) }
        guard let status else { throw .noWholeDisk(path, "no such file or directory") }
        guard status.kind == .blockDevice else { throw .noWholeDisk(path, "it is no block device") }
        let (major, minor) = status.device
        guard try SysfsBlock().disk(major: major, minor: minor) == nil else {
            throw .noWholeDisk(path, "it is a partition, not a whole disk")
        }
        let folder = FilePath("/sys/dev/block/\(major):\(minor)")
        let name = try SysfsBlock().name(in: folder)
        self.path = SysfsBlock.node(name)
        size = try SysfsBlock().value("size", folder) * 512
        sectorSize = try SysfsBlock().value("queue/logical_block_size", folder)
        isReadOnly = try SysfsBlock().value("ro", folder) != 0
        readsPartitions = try SysfsBlock().readsPartitions(folder)
        parts = try SysfsBlock().disks(below: name)
        partitions = []
        for name in try SysfsBlock().partitions(of: name) {
            partitions.append(try BlockDevice.probe(SysfsBlock.node(name)))
        }
        memberships = ([try BlockDevice.probe(self.path)] + partitions).compactMap(\.membership)
    }

    /// Bytes of a logical sector of a disk.
    ///
    /// - Throws: `BlockDeviceError` when the kernel does not say it.
    package static func sectorSize(of disk: FilePath) throws(BlockDeviceError) -> Int64 {
        let status: FileStatus?
        do throws(SystemError) { status = try FileStatus.of(disk) } catch { throw .unreadable(disk, error) }
        guard let device = status?.device else { throw .unreadable(disk, "no such file or directory") }
        return try SysfsBlock().value(
            "queue/logical_block_size", FilePath("/sys/dev/block/\(device.major):\(device.minor)"))
    }
}

extension BlockDevice {
    /// What the device is a member of by its signature, such as `/dev/sda is a member of a RAID (linux_raid_member)`.
    package var membership: String? {
        guard let type = filesystemType, let whole = Self.whole(of: type) else { return nil }
        return "\(path) is a member of \(whole) (\(type))"
    }

    /// What devices of a type of blkid(8) are parts of; nil for one that stands by itself.
    static func whole(of type: String) -> String? {
        switch type {
        case "LVM1_member", "LVM2_member": "a volume group"
        case "mpath_member": "a multipath device"
        case "zfs_member": "a ZFS pool"
        case "bcache": "a bcache"
        case "drbd": "a DRBD device"
        case "DM_snapshot_cow": "a snapshot"
        default: type.hasSuffix("_member") ? "a RAID" : nil
        }
    }
}

extension SysfsBlock {
    /// The kernel's name of a device.
    func name(in folder: FilePath) throws(BlockDeviceError) -> String {
        let line = try read("uevent", folder).split(separator: "\n").first { $0.hasPrefix("DEVNAME=") }
        guard let line else { throw .list(folder, "it has no name") }
        // As the folder of a partition is named: slashes stand as exclamation marks.
        return line.dropFirst("DEVNAME=".count).split(separator: "/").joined(separator: "!")
    }

    /// A number that a file of a device holds.
    func value(_ name: String, _ folder: FilePath) throws(BlockDeviceError) -> Int64 {
        guard let number = Int64(try read(name, folder).prefix { $0 != "\n" }) else {
            throw .list(folder, "\(name) holds no number")
        }
        return number
    }

    /// Whether the kernel looks for partitions on a disk: `ext_range` is 1 for one that has none, such as a device-mapper
    /// device, and `partscan` is 0 where that is switched off, as for a loop device (Documentation/ABI/stable/sysfs-block).
    func readsPartitions(_ folder: FilePath) throws(BlockDeviceError) -> Bool {
        guard try value("ext_range", folder) > 1 else { return false }
        for name in ["partscan", "loop/partscan"] {
            if try text(FilePath("\(folder)/\(name)"))?.hasPrefix("0") == true { return false }
        }
        return true
    }

    /// The whole disks that a device is made of, however many layers lie between.
    func disks(below name: String, depth: Int = 0) throws(BlockDeviceError) -> [FilePath] {
        guard depth < Self.layers else { return [] }
        var disks: [FilePath] = []
        for part in try list(root.appending("class/block/\(name)/slaves")) {
            let below = try self.disks(below: part, depth: depth + 1)
            let isDisk = try text(root.appending("class/block/\(part)/partition")) == nil
            disks += below.isEmpty && isDisk ? [Self.node(part)] : below
        }
        return disks
    }

    /// Layers of devices that are looked through; more are never stacked.
    private static let layers = 8

    private func read(_ name: String, _ folder: FilePath) throws(BlockDeviceError) -> String {
        do throws(SystemError) {
            return String(decoding: try FileBytes.read(FilePath("\(folder)/\(name)"), limit: 1 << 16), as: UTF8.self)
        } catch {
            throw .list(folder, error)
        }
    }
}
