import LinuxSystem
import SystemPackage
import Testing

@testable import InstalledSystem

@Suite("The medium of a live system")
struct LiveMediumTests {
    private static func mount(_ filesystem: String) -> [MountEntry] {
        MountEntry.parse("30 20 0:5 / /run/lifeboot/medium ro - \(filesystem) source ro\n")
    }

    @Test("is needed while the system runs from it")
    func disk() {
        #expect(LiveMedium.needed("/dev/sda", mounts: Self.mount("iso9660")) == "/dev/sda")
        #expect(LiveMedium.needed("/dev/sda", mounts: Self.mount("vfat")) == "/dev/sda")
    }

    @Test("is not needed once it was copied into memory, or when there is none")
    func nothing() {
        #expect(LiveMedium.needed("/dev/sda", mounts: Self.mount("tmpfs")) == nil)
        #expect(LiveMedium.needed(nil, mounts: []) == nil)
    }
}
