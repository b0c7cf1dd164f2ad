import SeededNumbers
import Testing

@testable import LinuxSystem

@Suite("Uevent")
struct UeventTests {
    @Test("head and variables are read")
    func reads() throws {
        let text = "add@/devices/pci0/block/vda/vda3\0ACTION=add\0SUBSYSTEM=block\0DEVNAME=vda3\0PARTNAME=a=b\0junk\0"
        let event = try #require(Uevent(text.utf8))
        #expect(event.action == "add" && event.devicePath == "/devices/pci0/block/vda/vda3")
        #expect(event.blockDevice == "vda3")
        #expect(event.variables["PARTNAME"] == "a=b" && event.variables["junk"] == nil)
    }

    @Test("what is no event is nil", arguments: ["", "\0", "add", "@/x", "add@x", "libudev\0\u{1}\u{2}"])
    func malformed(text: String) {
        #expect(Uevent(text.utf8) == nil)
    }

    @Test("random bytes never trap, whether they are an event or none")
    func random() {
        var generator = SeededGenerator(seed: 11)
        var events = 0
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
                let any = UInt8.random(in: 0...255, using: &generator)
                return [0, 0x40, 0x3D, 0x2F, any].randomElement(using: &generator) ?? any
            }
            if Uevent(bytes) != nil { events += 1 }
        }
        #expect((1..<2_000).contains(events))
    }

    @Test("a socket with nothing to say comes back at its deadline")
    func deadline() throws {
        let socket = try UeventSocket()
        let start = MonotonicClock.now()
        while try socket.next(until: .after(.milliseconds(50)), or: WakeSignal()) != .timedOut {}
        #expect(MonotonicClock.now() - start >= .milliseconds(49))
    }

    @Test("a signal ends the waiting, once, whether it is raised before or meanwhile")
    func signal() throws {
        let socket = try UeventSocket()
        let signal = try WakeSignal()
        signal.raise()
        signal.raise()
        #expect(try socket.next(until: .after(.seconds(20)), or: signal) == .woken)
        #expect(try signal.wait(until: .after(.milliseconds(20))) == false)
        #expect(DetachedWork.start { signal.raise() })
        #expect(try signal.wait(until: .after(.seconds(20))))
    }
}
