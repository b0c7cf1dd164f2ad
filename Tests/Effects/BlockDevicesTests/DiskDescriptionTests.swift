import Foundation
import SystemPackage
import Testing

@testable import BlockDevices

/// A `/sys` of one's own.
private final class FakeSysfs {
    let url = FileManager.default.temporaryDirectory.appending(path: "sysfs-\(UUID())").resolvingSymlinksInPath()

    deinit { try? FileManager.default.removeItem(at: url) }

    var block: SysfsBlock { SysfsBlock(root: FilePath(url.path)) }

    /// Writes files of a device, by their names.
    func add(_ device: String, _ files: [String: String] = [:], madeOf parts: [String] = []) throws {
        let folder = url.appending(path: "class/block/\(device)")
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("\(text)\n".utf8).write(to: file)
        }
        for part in parts {
            try FileManager.default.createDirectory(
                at: folder.appending(path: "slaves/\(part)"), withIntermediateDirectories: true)
        }
    }

    func readsPartitions(_ device: String) throws -> Bool {
        try block.readsPartitions(FilePath(url.appending(path: "class/block/\(device)").path))
    }
}

@Suite("What a disk is like")
struct DiskDescriptionTests {
    @Test(
        "a kernel that reads no partitions on it says so in one of three ways",
        arguments: [
            (["ext_range": "256"], true), (["ext_range": "1"], false),
            (["ext_range": "256", "partscan": "0"], false), (["ext_range": "256", "partscan": "1"], true),
            (["ext_range": "256", "loop/partscan": "0"], false), (["ext_range": "256", "loop/partscan": "1"], true),
        ] as [([String: String], Bool)])
    func partitions(_ files: [String: String], _ reads: Bool) throws {
        let sysfs = FakeSysfs()
        try sysfs.add("x", files)
        #expect(try sysfs.readsPartitions("x") == reads)
    }

    @Test("a multipath device is made of its paths, through every layer; a partition is no disk")
    func parts() throws {
        let sysfs = FakeSysfs()
        try sysfs.add("sda", ["size": "1"])
        try sysfs.add("sdb", ["size": "1"])
        try sysfs.add("sdc3", ["partition": "3"])
        try sysfs.add("dm-0", madeOf: ["sda", "sdb"])
        try sysfs.add("dm-1", madeOf: ["dm-0"])
        try sysfs.add("dm-2", madeOf: ["sdc3"])
        #expect(try sysfs.block.disks(below: "dm-0") == ["/dev/sda", "/dev/sdb"])
        #expect(try sysfs.block.disks(below: "dm-1") == ["/dev/sda", "/dev/sdb"])
        #expect(try sysfs.block.disks(below: "dm-2") == [])
        #expect(try sysfs.block.disks(below: "sda") == [])
    }

    @Test(
        "a signature of a member says of what",
        arguments: [
            ("linux_raid_member", "a RAID"), ("isw_raid_member", "a RAID"), ("LVM2_member", "a volume group"),
            ("zfs_member", "a ZFS pool"), ("mpath_member", "a multipath device"), ("bcache", "a bcache"),
            ("drbd", "a DRBD device"), ("ext4", nil), ("crypto_LUKS", nil), ("btrfs", nil), ("swap", nil),
        ] as [(String, String?)])
    func members(_ type: String, _ whole: String?) {
        var device = BlockDevice(path: "/dev/sda2")
        #expect(device.membership == nil)
        device.filesystemType = type
        #expect(device.membership == whole.map { "/dev/sda2 is a member of \($0) (\(type))" })
    }
}
