import SystemPackage
import Testing

@testable import DataSources

@Suite("The kernel's block devices") struct DeviceNamesTests {
    @Test("lists what has a size, the devices of a disk together, all in order of their names")
    func lists() throws {
        let fixture = try Fixture()
        let devices = [
            ("vdb", "block/vdb", 8), ("sda2", "block/sda/sda2", 8), ("sda", "block/sda", 100),
            ("loop0", "virtual/block/loop0", 0), ("ram0", "virtual/block/ram0", 8),
            ("cciss!c0d0p1", "block/cciss!c0d0/cciss!c0d0p1", 8), ("sda10", "block/sda/sda10", 8),
        ]
        for (name, place, size) in devices {
            try fixture.write("\(size)\n", to: "sys/devices/pci0/\(place)/size")
            try fixture.link("sys/class/block/\(name)", to: "../../devices/pci0/\(place)")
        }
        #expect(
            try DeviceNames(root: fixture.root).disks == [
                ["/dev/cciss/c0d0p1"], ["/dev/sda", "/dev/sda10", "/dev/sda2"], ["/dev/vdb"],
            ])
    }

    @Test("without sysfs there are none")
    func nothing() throws {
        let fixture = try Fixture()
        #expect(try DeviceNames(root: fixture.root).disks.isEmpty)
    }
}
