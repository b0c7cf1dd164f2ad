import JSONText
import OutputSchemas
import SystemPackage
import Testing
import TransactionPlanning

@testable import AgentCommands

@Suite("lifeboot disks")
struct DisksCommandTests {
    @Test("a disk is a line for people and an object for programs; a machine without any is told what to look at")
    func disks() throws {
        var full = DiskCandidate(path: "/dev/sda", size: 20_000_000_000)
        (full.serial, full.wideName, full.identifiers, full.places) = ("S1", "naa.5", ["ata-A_S1"], ["pci-1"])
        let reports = [
            DiskReport(full, DiskReport.Content()),
            DiskReport(DiskCandidate(path: "/dev/sdb", size: 1), problem: "reading /dev/sdb: I/O error"),
        ]
        let document = DisksCommand.document(reports)
        try OutputSchema.check(document, "disks")
        #expect(document["disks"]?.elements?.last?["obstacle"]?.text == "reading /dev/sdb: I/O error")
        #expect(DisksCommand.lines(reports).first == "/dev/sda (20.0 GB, serial S1): empty")
        #expect(DisksCommand.lines([]).first?.hasPrefix("The kernel knows no disk.") == true)
    }
}
