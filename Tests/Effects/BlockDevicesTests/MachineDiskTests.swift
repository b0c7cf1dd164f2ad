import Foundation
import SystemPackage
import Testing

@testable import BlockDevices

/// A `/sys` and a `/dev/disk` of one's own, in the form that the kernel and udev give them.
private final class FakeDisks {
    let url = FileManager.default.temporaryDirectory.appending(path: "disks-\(UUID())").resolvingSymlinksInPath()

    deinit { try? FileManager.default.removeItem(at: url) }

    func all() throws -> [MachineDisk] {
        try MachineDisk.all(
            sysfs: FilePath(url.appending(path: "sys").path), links: FilePath(url.appending(path: "disk").path))
    }

    /// Adds a disk below a bus, with the files of its folder.
    func add(_ name: String, on bus: String? = "pci0000:00/ata1", _ files: [String: String] = [:]) throws {
        let folder = url.appending(path: "sys/devices/\(bus ?? "virtual")/block/\(name)")
        let all = ["size": "4096", "queue/logical_block_size": "512", "removable": "0"].merging(files) { $1 }
        for (file, text) in all { try write(text + "\n", folder.appending(path: file)) }
        if bus != nil {
            try FileManager.default.createDirectory(
                at: folder.appending(path: "device"), withIntermediateDirectories: true)
        }
        let list = url.appending(path: "sys/class/block")
        try FileManager.default.createDirectory(at: list, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(at: list.appending(path: name), withDestinationURL: folder)
    }

    func link(_ name: String, to target: String) throws {
        let link = url.appending(path: "disk/\(name)")
        try FileManager.default.createDirectory(at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: target)
    }

    private func write(_ text: String, _ file: URL) throws {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}

@Suite("Disks of a machine")
struct MachineDiskTests {
    @Test("disks are told with size and names; what is made of other things is none")
    func disks() throws {
        let disks = FakeDisks()
        try disks.add("sda", ["size": "409600", "queue/logical_block_size": "4096"])
        try disks.add("loop0", on: nil)
        try disks.add("dm-0", on: nil)
        try disks.add("nvme0c0n1", ["hidden": "1"])
        try disks.add("sdb", ["size": "0"])
        for (name, target) in [
            ("by-id/ata-B", "../../sda"), ("by-id/ata-A", "../../sda"), ("by-id/ata-A-part1", "../../sda1"),
        ] {
            try disks.link(name, to: target)
        }
        try disks.link("by-path/pci-1", to: "../../sda")
        let found = try disks.all()
        #expect(found.map(\.path) == ["/dev/sda"])
        #expect(found[0].size == 409600 * 512 && found[0].sectorSize == 4096)
        #expect(found[0].identifiers == ["ata-A", "ata-B"] && found[0].places == ["pci-1"])
        #expect(!found[0].isRemovable && !found[0].isMemory && found[0].serial == nil && found[0].wideName == nil)
    }

    @Test("a node in a folder has its names, too")
    func nodeInFolder() throws {
        let disks = FakeDisks()
        try disks.add("cciss!c0d0")
        try disks.link("by-id/cciss-1", to: "../../cciss/c0d0")
        #expect(try disks.all().map(\.path) == ["/dev/cciss/c0d0"])
        #expect(try disks.all()[0].identifiers == ["cciss-1"])
    }

    @Test(
        "the serial number is where the kind of disk shows it, without what fills it up",
        arguments: [
            (["serial": "V1"], "V1"), (["device/serial": " N1   "], "N1"),
            (["device/vpd_pg80": "\u{0}\u{0}\u{0}$  WD-1 2 "], "WD-1 2"),
            (["serial": "", "device/serial": "N2"], "N2"),
            (["device/vpd_pg80": "\u{0}\u{0}\u{0}\u{0}"], nil), ([:], nil),
        ] as [([String: String], String?)])
    func serial(files: [String: String], serial: String?) throws {
        let disks = FakeDisks()
        try disks.add("vda", files)
        #expect(try disks.all().map(\.serial) == [serial])
    }

    @Test("the World Wide Name is the disk's own, else its controller's", arguments: ["wwid", "device/wwid"])
    func wideName(file: String) throws {
        let disks = FakeDisks()
        try disks.add("sda", [file: "naa.5000c500a1b2c3d4"])
        #expect(try disks.all().map(\.wideName) == ["naa.5000c500a1b2c3d4"])
    }

    @Test(
        "what can be taken out, and what is memory, is told",
        arguments: [
            ("sda", "pci0000:00/usb1/1-1", [:], true, false),
            ("sr0", "pci0000:00/ata1", ["removable": "1"], true, false),
            ("mmcblk0", "platform", ["device/type": "SD"], true, false),
            ("mmcblk0", "platform", ["device/type": "MMC"], false, false), ("pmem0", "LNXSYSTM:00", [:], false, true),
        ] as [(String, String, [String: String], Bool, Bool)])
    func kinds(name: String, bus: String, files: [String: String], isRemovable: Bool, isMemory: Bool) throws {
        let disks = FakeDisks()
        try disks.add(name, on: bus, files)
        let found = try disks.all()
        #expect(found.map(\.isRemovable) == [isRemovable] && found.map(\.isMemory) == [isMemory])
    }

    @Test("a machine without links of udev has disks without names")
    func noLinks() throws {
        let disks = FakeDisks()
        try disks.add("sda")
        #expect(try disks.all().map(\.identifiers) == [[]])
    }
}
