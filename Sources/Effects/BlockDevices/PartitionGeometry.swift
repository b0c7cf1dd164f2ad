import LinuxSystem
package import SystemPackage

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
