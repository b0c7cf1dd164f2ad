import Faults
import SystemPackage
import Testing

@testable import BlockDevices

@Suite("What is searched for by its content")
struct DeviceQueryTests {
    private static let query = DeviceQuery.carrying("image 0123")
    private static let open = DeviceChoice.Progress(isSettled: false, isPatienceOver: false)

    private static func device(_ path: FilePath, of disk: FilePath? = nil) -> BlockDevice {
        var device = BlockDevice(path: path)
        device.disk = disk
        return device
    }

    private static func choice(_ devices: [BlockDevice]) -> DeviceChoice {
        query.choice(devices.map { DeviceSighting($0, isMeant: true) }, open, .refuse)
    }

    @Test("fits only where it was seen")
    func fitting() {
        var scan = BlockDeviceScan()
        for (path, isMeant) in [("/dev/a", true), ("/dev/b", false), ("/dev/c", nil)] as [(FilePath, Bool?)] {
            scan.sightings.append(DeviceSighting(BlockDevice(path: path), isMeant: isMeant))
        }
        #expect(Self.query.fitting(scan).map(\.device.path) == ["/dev/a"])
    }

    @Test("the first one is taken at once, and another disk with the same is named")
    func first() {
        let (one, other) = (Self.device("/dev/sdb1", of: "/dev/sdb"), Self.device("/dev/sr0"))
        #expect(Self.choice([]) == .wait)
        #expect(Self.choice([one]) == .take(one, note: nil))
        #expect(
            Self.choice([other, one])
                == .take(one, note: "/dev/sr0 also has image 0123: the first is taken"))
    }

    @Test("a disk and its own partition are one medium")
    func sameDisk() {
        let (disk, partition) = (Self.device("/dev/sda"), Self.device("/dev/sda1", of: "/dev/sda"))
        #expect(Self.choice([partition, disk]) == .take(disk, note: nil))
    }

    @Test("what does not come is told with its words, and a remedy that fits")
    func absent() {
        let error = BlockDeviceError.notFound(
            Self.query, seen: [Self.device("/dev/vda")], problems: [], unanswered: [])
        #expect(error.subject == "image 0123" && error.cause.contains("vda") && error.remedy.contains("medium"))
    }
}
