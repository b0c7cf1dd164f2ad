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

    @Test("random bytes never trap")
    func random() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
                [0, 0x40, 0x3D, 0x2F, UInt8.random(in: 0...255)].randomElement() ?? 0
            }
            _ = Uevent(bytes)
        }
    }

    @Test("a socket with nothing to say comes back at its deadline")
    func deadline() throws {
        let socket = try UeventSocket()
        let start = MonotonicClock.now()
        while try socket.next(until: .after(.milliseconds(50))) != .timedOut {}
        #expect(MonotonicClock.now() - start >= .milliseconds(49))
    }
}
