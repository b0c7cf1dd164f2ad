import JSONText
import OutputSchemas
import SystemPackage
import Testing
import TransactionPlanning

@testable import AgentCommands

@Suite("lifeboot media")
struct MediaCommandTests {
    @Test("a medium is a line, and what it has are lines below it, with why something is not taken")
    func lines() throws {
        var device = SeenDevice("/dev/sda1")
        (device.filesystem, device.label, device.bytes) = ("vfat", "STICK", 8_000_000_000)
        var report = MediumReport(device)
        var good = MediumReport.Source("dir:/m/images/0123456789abcdef")
        (good.title, good.isTrusted) = ("acme 3.1", true)
        var bad = MediumReport.Source("iso:/m/x.iso")
        bad.problem = "reading x: no."
        report.sources = [good, bad]
        let damaged = MediumReport(SeenDevice("/dev/sdb"), problem: "no filesystem was found on it")
        let empty = MediumReport(SeenDevice("/dev/sdc1"))
        #expect(
            MediaCommand.lines([report, damaged, empty]) == [
                "/dev/sda1 (vfat, 8.0 GB, 'STICK')", "  acme 3.1: dir:/m/images/0123456789abcdef",
                "  an image that cannot be read: iso:/m/x.iso", "    not taken: reading x: no.", "/dev/sdb",
                "  no filesystem was found on it", "/dev/sdc1", "  no image is on it",
            ])
        #expect(MediaCommand.lines([]).first?.hasPrefix("No stick, disc or other disk is attached.") == true)
        let document = MediaCommand.document([report, damaged])
        try OutputSchema.check(document, "media")
        #expect(document["format"] == 1)
        #expect(document["media"]?.elements?.first?["sources"]?.elements?.first?["trusted"] == true)
    }
}
