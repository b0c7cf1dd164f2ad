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

    /// Looks at a disk.
    ///
    /// - Throws: `BlockDeviceError` when the path is no block device, or a partition, or cannot be read.
    package init(of path: FilePath) throws(BlockDeviceError) {
        let status: FileStatus?
        do throws(SystemError) { status = try FileStatus.of(path) } catch { throw .unreadable(path, error) }
        guard let status else { throw .unreadable(path, "no such file or directory") }
        guard status.kind == .blockDevice else { throw .unreadable(path, "it is no block device") }
        let (major, minor) = status.device
        guard try SysfsBlock().disk(major: major, minor: minor) == nil else {
            throw .unreadable(path, "it is a partition, not a whole disk")
        }
        let folder = FilePath("/sys/dev/block/\(major):\(minor)")
        let name = try SysfsBlock().name(in: folder)
        self.path = SysfsBlock.node(name)
        size = try SysfsBlock().value("size", folder) * 512
        sectorSize = try SysfsBlock().value("queue/logical_block_size", folder)
        isReadOnly = try SysfsBlock().value("ro", folder) != 0
        partitions = []
        for name in try SysfsBlock().partitions(of: name) {
            partitions.append(try BlockDevice.probe(SysfsBlock.node(name)))
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

    private func read(_ name: String, _ folder: FilePath) throws(BlockDeviceError) -> String {
        do throws(SystemError) {
            return String(decoding: try FileBytes.read(FilePath("\(folder)/\(name)"), limit: 1 << 16), as: UTF8.self)
        } catch {
            throw .list(folder, error)
        }
    }
}
