import Faults
import Foundation
import Glibc
import LinuxSystem
import Synchronization
import SystemLayout
import SystemPackage
import Testing

@testable import BlockDevices

/// Holds threads up until it is opened, as a disk does that does not answer.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func pass() { semaphore.wait() }
    func open() { for _ in 0..<1000 { semaphore.signal() } }
}

@Suite("Waiting for a device", .timeLimit(.minutes(2)))
struct DeviceWaitTests {
    private static func sighting(_ path: FilePath, _ name: String?, isMeant: Bool? = nil) -> DeviceSighting {
        var device = BlockDevice(path: path)
        device.partitionUUID = name
        return DeviceSighting(device, isMeant: isMeant)
    }

    @Test("a disk that never answers holds up neither the wanted device nor the deadline")
    func silent() throws {
        let gate = Gate()
        defer { gate.open() }
        let probes = try DeviceProbes { (path) throws(BlockDeviceError) in
            if path.string.hasPrefix("/dev/dying") { gate.pass() }
            return Self.sighting(path, path == "/dev/good2" ? "aa" : "bb")
        }
        var search = DeviceSearch(
            .named(.partitionUUID("aa")), .refuse, probes, settling: .milliseconds(50), patience: .seconds(1))
        for (disk, names) in [("dying", ["dying", "dying1"]), ("good", ["good", "good1", "good2"])] {
            for name in names { probes.ask(about: FilePath("/dev/\(name)"), on: disk) }
        }
        let deadline = Deadline.after(.seconds(20))
        var found: BlockDevice?
        while found == nil, !deadline.isPast {
            _ = try probes.signal.wait(until: search.turn(before: deadline))
            try search.update(by: .woken)
            found = try search.answer()?.device
        }
        #expect(found?.path == "/dev/good2")
        #expect(probes.unanswered == ["/dev/dying", "/dev/dying1"])
        #expect(search.notFound.cause.contains("still without an answer: dying, dying1"))
    }

    @Test("what does not come in time is an error at the deadline, though a disk has not answered")
    func deadline() throws {
        let gate = Gate()
        defer { gate.open() }
        let start = MonotonicClock.now()
        #expect(throws: BlockDeviceError.self) {
            _ = try DeviceWait.wait(for: .named(.partitionUUID("zz")), until: .after(.milliseconds(300))) {
                (path) throws(BlockDeviceError) in
                gate.pass()
                return Self.sighting(path, nil)
            }
        }
        #expect(MonotonicClock.now() - start < .seconds(20))
    }

    private static let a = sighting("/dev/a", "x"), b = sighting("/dev/b", "x")
    private static let meant = sighting("/dev/b", "x", isMeant: true), other = sighting("/dev/a", "x", isMeant: false)

    @Test(
        "the device that is meant is taken at once; without evidence all have their time to answer first",
        arguments: [
            ([meant], false, false, "/dev/b"), ([other, meant], false, false, "/dev/b"), ([a], false, false, nil),
            ([a], true, false, "/dev/a"), ([b, a], true, false, "/dev/a"), ([other], true, false, nil),
            ([other], true, true, "/dev/a"), ([other, b], true, false, "/dev/b"), ([], true, true, nil),
        ] as [([DeviceSighting], Bool, Bool, String?)])
    func choice(sightings: [DeviceSighting], isSettled: Bool, isPatienceOver: Bool, path: String?) {
        let progress = DeviceChoice.Progress(isSettled: isSettled, isPatienceOver: isPatienceOver)
        switch DeviceChoice.among(sightings, progress, .first) {
        case .take(let device, let note):
            #expect(device.path.string == path)
            #expect((note != nil) == (sightings.count > 1))
        case .wait: #expect(path == nil)
        case .ambiguous: Issue.record("it refused")
        }
    }

    @Test("two devices of one name are an error, not a guess, where nothing tells them apart")
    func ambiguous() {
        let settled = DeviceChoice.Progress(isSettled: true, isPatienceOver: false)
        #expect(
            DeviceChoice.among([Self.b, Self.a], settled, .refuse) == .ambiguous([Self.a.device, Self.b.device]))
        let error = BlockDeviceError.ambiguous(.named(.label("x")), [Self.a.device, Self.b.device])
        #expect(error.cause == "/dev/a and /dev/b have this name")
        #expect(
            DeviceChoice.among([Self.a, Self.meant], settled, .refuse)
                == .take(Self.meant.device, note: "/dev/a has the same name as /dev/b: GRUB started from /dev/b"))
    }
}
