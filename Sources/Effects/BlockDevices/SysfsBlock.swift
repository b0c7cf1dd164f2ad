import LinuxSystem
package import SystemPackage

/// Reads the kernel's list of block devices below `/sys`.
struct SysfsBlock {
    /// Where sysfs is mounted.
    var root: FilePath = "/sys"

    /// Returns all disks that have a size, each with its own name and those of its partitions.
    func disks() throws(BlockDeviceError) -> [(disk: String, names: [String])] {
        var disks: [(disk: String, names: [String])] = []
        for name in try list(root.appending("class/block")) where !name.hasPrefix("ram") {
            let folder = root.appending("class/block/\(name)")
            guard try number(folder.appending("partition")) == nil, try number(folder.appending("size")) ?? 0 > 0
            else { continue }
            disks.append((name, [name] + (try partitions(of: name))))
        }
        return disks
    }

    /// Returns the node of a device; nil when the kernel does not know it.
    func node(major: UInt32, minor: UInt32) throws(BlockDeviceError) -> FilePath? {
        try node(root.appending("dev/block/\(major):\(minor)/uevent"))
    }

    /// Reads the name of a node, which is not always that of the folder.
    private func node(_ uevent: FilePath) throws(BlockDeviceError) -> FilePath? {
        let line = try text(uevent)?.split(separator: "\n").first { $0.hasPrefix("DEVNAME=") }
        return line.map { FilePath("/dev/\($0.dropFirst("DEVNAME=".count))") }
    }

    /// Returns the names of a disk's partitions.
    func partitions(of disk: String) throws(BlockDeviceError) -> [String] {
        try numberedPartitions(of: disk).map(\.name)
    }

    /// Returns the names of a disk's partitions, and their numbers in its table.
    func numberedPartitions(of disk: String) throws(BlockDeviceError) -> [(name: String, number: Int)] {
        let folder = root.appending("class/block/\(disk)")
        var partitions: [(name: String, number: Int)] = []
        for name in try list(folder) {
            if let number = try number(folder.appending("\(name)/partition")) { partitions.append((name, number)) }
        }
        return partitions
    }

    /// Returns the disk's node for a partition; nil for a device that is none.
    func disk(major: UInt32, minor: UInt32) throws(BlockDeviceError) -> FilePath? {
        let folder = root.appending("dev/block/\(major):\(minor)")
        guard try number(folder.appending("partition")) != nil else { return nil }
        // A partition's folder lies in its disk's, which the link leads through.
        let names = try list(folder.appending(".."))
        return names.contains("dev") ? try node(folder.appending("../uevent")) : nil
    }

    /// Returns the device node of a kernel name, in which `!` stands for a slash.
    static func node(_ name: String) -> FilePath {
        FilePath("/dev/" + name.split(separator: "!", omittingEmptySubsequences: false).joined(separator: "/"))
    }

    func list(_ folder: FilePath) throws(BlockDeviceError) -> [String] {
        do throws(SystemError) {
            return try Folders.names(of: folder).sorted()
        } catch {
            throw .list(folder, error)
        }
    }

    private func number(_ path: FilePath) throws(BlockDeviceError) -> Int? {
        try text(path).flatMap { Int($0.prefix { $0 != "\n" }) }
    }

    func text(_ path: FilePath) throws(BlockDeviceError) -> String? {
        do throws(SystemError) {
            return try FileBytes.readIfPresent(path, limit: 1 << 16).map { String(decoding: $0, as: UTF8.self) }
        } catch {
            if error.errno == .notDirectory { return nil }
            throw .list(path, error)
        }
    }
}

/// Where a partition lies on its disk, as the kernel sees it now.
package struct PartitionGeometry: Equatable, Sendable {
    /// Bytes in a sector of sysfs, whatever the disk's sectors are.
    package static let sectorSize: Int64 = 512

    /// The whole disk.
    package var disk: FilePath
    /// Sectors of the whole disk.
    package var diskSectors: Int64
    /// The partition's number in the table.
    package var number: Int
    /// The number of its first sector.
    package var start: Int64
    /// Its length in sectors.
    package var sectors: Int64

    /// Describes a partition.
    package init(disk: FilePath, diskSectors: Int64, number: Int, start: Int64, sectors: Int64) {
        self.disk = disk
        self.diskSectors = diskSectors
        self.number = number
        self.start = start
        self.sectors = sectors
    }

    /// Asks sysfs.
    ///
    /// - Throws: `BlockDeviceError` when the device is no partition or sysfs cannot be read.
    package init(of partition: BlockDevice) throws(BlockDeviceError) {
        guard let disk = partition.disk else { throw .noDisk(partition.path) }
        let folder = FilePath("/sys/dev/block/\(partition.major):\(partition.minor)")
        self.init(
            disk: disk, diskSectors: try Self.number("../size", folder),
            number: Int(clamping: try Self.number("partition", folder)),
            start: try Self.number("start", folder), sectors: try Self.number("size", folder))
    }

    private static func number(_ name: String, _ folder: FilePath) throws(BlockDeviceError) -> Int64 {
        let path = FilePath("\(folder)/\(name)")
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try FileBytes.read(path, limit: 64) } catch { throw .list(path, error) }
        guard let number = Int64(String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)) else {
            throw .list(path, "it holds no number")
        }
        return number
    }
}
