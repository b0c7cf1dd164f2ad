import LinuxSystem
import SystemPackage

/// Reads the kernel's list of block devices below `/sys`.
struct SysfsBlock {
    /// Where sysfs is mounted.
    var root: FilePath = "/sys"

    /// Returns the names of all devices that have a size, disks before their partitions.
    func names() throws(BlockDeviceError) -> [String] {
        var names: [String] = []
        for name in try list(root.appending("class/block")) where !name.hasPrefix("ram") {
            if try number(root.appending("class/block/\(name)/size")) ?? 0 > 0 { names.append(name) }
        }
        return names
    }

    /// Returns the names of a disk's partitions.
    func partitions(of disk: String) throws(BlockDeviceError) -> [String] {
        let folder = root.appending("class/block/\(disk)")
        var names: [String] = []
        for name in try list(folder) {
            if try number(folder.appending("\(name)/partition")) != nil { names.append(name) }
        }
        return names
    }

    /// Returns the disk's node for a partition; nil for a device that is none.
    func disk(major: UInt32, minor: UInt32) throws(BlockDeviceError) -> FilePath? {
        let folder = root.appending("dev/block/\(major):\(minor)")
        guard try number(folder.appending("partition")) != nil else { return nil }
        // A partition's folder lies in its disk's, which the link leads through.
        let names = try list(folder.appending(".."))
        guard names.contains("dev"), let text = try text(folder.appending("../uevent")) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("DEVNAME=") }
        return line.map { FilePath("/dev/\($0.dropFirst("DEVNAME=".count))") }
    }

    /// Returns the device node of a kernel name, in which `!` stands for a slash.
    static func node(_ name: String) -> FilePath {
        FilePath("/dev/" + name.split(separator: "!", omittingEmptySubsequences: false).joined(separator: "/"))
    }

    private func list(_ folder: FilePath) throws(BlockDeviceError) -> [String] {
        do throws(SystemError) {
            return try Folders.names(of: folder).sorted()
        } catch {
            throw .list(folder, error)
        }
    }

    private func number(_ path: FilePath) throws(BlockDeviceError) -> Int? {
        try text(path).flatMap { Int($0.prefix { $0 != "\n" }) }
    }

    private func text(_ path: FilePath) throws(BlockDeviceError) -> String? {
        do throws(SystemError) {
            return try FileBytes.readIfPresent(path, limit: 1 << 16).map { String(decoding: $0, as: UTF8.self) }
        } catch {
            if error.errno == .notDirectory { return nil }
            throw .list(path, error)
        }
    }
}
