import LinuxSystem
package import SystemPackage

/// A disk that hangs on a controller of this machine, with the names by which each start finds the same one.
package struct MachineDisk: Equatable, Sendable {
    /// The kernel's own node.
    package var path: FilePath
    /// The size in bytes.
    package var size: Int64
    /// Bytes of a logical sector.
    package var sectorSize: Int64
    /// Whether it can be taken out.
    package var isRemovable: Bool
    /// Whether it is memory, as an ISO that the firmware has loaded over HTTP is.
    package var isMemory: Bool
    /// Names in `/dev/disk/by-id`, sorted.
    package var identifiers: [String]
    /// Names in `/dev/disk/by-path`, sorted.
    package var places: [String]
    /// The serial number; nil when the kernel shows none.
    package var serial: String?
    /// The World Wide Name as the kernel writes it, such as `naa.5000c500a1b2c3d4`; nil when it shows none.
    package var wideName: String?

    /// All disks, by their nodes; what is made of other devices or of files is no disk.
    ///
    /// The links in `/dev/disk` are udev's: they are there once it has done with the disk.
    ///
    /// - Parameters:
    ///   - sysfs: where sysfs is mounted.
    ///   - links: udev's folder of links.
    /// - Throws: `BlockDeviceError` when the kernel does not say what it has.
    package static func all(
        sysfs: FilePath = "/sys", links: FilePath = "/dev/disk"
    ) throws(BlockDeviceError) -> [MachineDisk] {
        let block = SysfsBlock(root: sysfs)
        let (identifiers, places) = (try names(in: links.appending("by-id")), try names(in: links.appending("by-path")))
        var disks: [MachineDisk] = []
        for (name, _) in try block.disks() {
            let folder = sysfs.appending("class/block/\(name)")
            guard try block.list(folder).contains("device"), try block.text(folder.appending("hidden")) != "1\n" else {
                continue
            }
            let path = SysfsBlock.node(name)
            disks.append(
                MachineDisk(
                    path: path, size: try block.value("size", folder) * PartitionGeometry.sectorSize,
                    sectorSize: try block.value("queue/logical_block_size", folder),
                    isRemovable: try RemovableMedia.contains(folder, block), isMemory: name.hasPrefix("pmem"),
                    identifiers: identifiers[path] ?? [], places: places[path] ?? [],
                    serial: serial(folder), wideName: wideName(folder, block)))
        }
        return disks
    }

    /// The names that lead to each node.
    private static func names(in folder: FilePath) throws(BlockDeviceError) -> [FilePath: [String]] {
        let names: [String]
        do throws(SystemError) { names = try Folders.names(of: folder) } catch { throw .list(folder, error) }
        var nodes: [FilePath: [String]] = [:]
        for name in names {
            // A link that has just gone leads nowhere.
            guard let target = try? KernelLink.target(folder.appending(name)) else { continue }
            nodes[node(target), default: []].append(name)
        }
        return nodes
    }

    /// `../../sda` is `/dev/sda`.
    private static func node(_ target: FilePath) -> FilePath {
        target.isAbsolute ? target : FilePath(root: "/", ["dev"] + target.components.filter { $0.string != ".." })
    }

    /// Where kinds of disks show it: virtio; NVMe and cards; SCSI and ATA, behind four bytes (SPC-4, 7.8.18).
    private static func serial(_ folder: FilePath) -> String? {
        for name in ["serial", "device/serial"] {
            if let bytes = try? FileBytes.readIfPresent(FilePath("\(folder)/\(name)"), limit: 4096),
                let text = trimmed(bytes[...])
            {
                return text
            }
        }
        guard let page = try? FileBytes.readIfPresent(FilePath("\(folder)/device/vpd_pg80"), limit: 4096) else {
            return nil
        }
        return trimmed(page.dropFirst(4))
    }

    private static func wideName(_ folder: FilePath, _ block: SysfsBlock) -> String? {
        for name in ["wwid", "device/wwid"] {
            if let text = try? block.text(FilePath("\(folder)/\(name)")), let name = trimmed(Array(text.utf8)[...]) {
                return name
            }
        }
        return nil
    }

    /// The text without the blanks that fill it up; nil when there is nothing else.
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String? {
        let isText: (UInt8) -> Bool = { $0 > 0x20 && $0 != 0x7F }
        guard let first = bytes.firstIndex(where: isText), let last = bytes.lastIndex(where: isText) else { return nil }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}
