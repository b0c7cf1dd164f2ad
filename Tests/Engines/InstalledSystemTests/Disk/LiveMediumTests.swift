import LinuxSystem
import SystemPackage
import Testing

@testable import AgentCommands

@Suite("lifeboot watch-medium")
struct WatchMediumCommandTests {
    private static func mount(_ filesystem: String) -> [MountEntry] {
        MountEntry.parse("30 20 0:5 / /run/lifeboot/medium ro - \(filesystem) source ro\n")
    }

    @Test("watches the disk that the system runs from")
    func disk() {
        #expect(WatchMediumCommand.watched("/dev/sda", Self.mount("iso9660")) == "/dev/sda")
        #expect(WatchMediumCommand.watched("/dev/sda", Self.mount("vfat")) == "/dev/sda")
    }

    @Test("watches nothing once the medium was copied into memory, or when there is none")
    func nothing() {
        #expect(WatchMediumCommand.watched("/dev/sda", Self.mount("tmpfs")) == nil)
        #expect(WatchMediumCommand.watched(nil, []) == nil)
    }
}
