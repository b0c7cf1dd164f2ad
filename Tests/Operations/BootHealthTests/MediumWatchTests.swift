import LinuxSystem
import SystemPackage
import Testing

@testable import BootHealth

@Suite("The medium of a live system")
struct MediumWatchTests {
    private static func event(_ text: String) throws -> UeventSocket.Message {
        .event(try #require(Uevent(text.utf8.map { $0 == UInt8(ascii: "|") ? 0 : $0 })))
    }

    @Test("other devices are no reason to look at it", arguments: ["sdb", "sr1", "sda/other"])
    func others(device: String) throws {
        var watch = MediumWatch("/dev/sda")
        let step = watch.next(try Self.event("remove@/devices/pci/block/\(device)|SUBSYSTEM=block|DEVTYPE=disk")) {
            Issue.record("it was looked at")
            return false
        }
        #expect(step == .wait(.never))
    }

    @Test(
        "its own events, those of its partitions, and lost ones are, and as long as it answers nothing follows",
        arguments: [
            "remove@/devices/pci/block/sda|SUBSYSTEM=block|DEVTYPE=disk",
            "change@/devices/pci/block/sda|SUBSYSTEM=block|DEVTYPE=disk|DISK_MEDIA_CHANGE=1",
            "remove@/devices/pci/block/sda/sda1|SUBSYSTEM=block|DEVTYPE=partition", nil,
        ])
    func reasons(text: String?) throws {
        var watch = MediumWatch("/dev/sda")
        var looks = 0
        let message = try text.map { try Self.event($0) } ?? .lost
        let step = watch.next(message) {
            looks += 1
            return true
        }
        #expect(step == .wait(.never) && looks == 1)
    }

    @Test("it is gone when it does not answer twice, with time between")
    func gone() throws {
        var watch = MediumWatch("/dev/sda")
        guard case .wait(let deadline) = watch.next(.lost, answers: { false }) else {
            Issue.record("one failure is enough")
            return
        }
        #expect(deadline != .never && !deadline.isPast)
        // Another event meanwhile changes nothing, one of another disk neither.
        #expect(watch.next(.lost) { false } == .wait(deadline))
        #expect(watch.next(try Self.event("add@/devices/block/sdb|SUBSYSTEM=block")) { false } == .wait(deadline))
        while !deadline.isPast {}
        #expect(watch.next(.timedOut) { false } == .isGone)
    }

    @Test("a drive of discs, which sends no events, is looked at again after some seconds", arguments: [true, false])
    func drive(isEvent: Bool) throws {
        var watch = MediumWatch("/dev/sr0")
        let message = isEvent ? try Self.event("add@/devices/block/sdb|SUBSYSTEM=block") : .timedOut
        guard case .wait(let deadline) = watch.next(message, answers: { true }) else {
            Issue.record("it answers")
            return
        }
        #expect(deadline != .never && !deadline.isPast)
    }

    @Test("a failure that passes is forgotten")
    func passing() {
        var watch = MediumWatch("/dev/sda")
        let first = watch.next(.lost) { false }
        #expect(first != .wait(.never))
        #expect(watch.next(.timedOut) { true } == .wait(.never))
        #expect(watch.next(.lost) { false } != .isGone)
    }

    @Test("the words name the disk, and fit on 80 columns")
    func words() {
        let words = MediumGuard.words("/dev/nvme0n1")
        #expect(words.contains("/dev/nvme0n1"))
        #expect(words.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
}
