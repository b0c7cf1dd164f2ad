import JSONText
import SystemPackage
import Testing

@testable import TransactionPlanning

@Suite("A disk for an installation")
struct DiskReportTests {
    private func report(_ change: (inout DiskCandidate, inout DiskReport.Content) -> Void) -> DiskReport {
        var (disk, content) = (DiskCandidate(path: "/dev/sda", size: 20_000_000_000), DiskReport.Content())
        change(&disk, &content)
        return DiskReport(disk, content)
    }

    @Test("says what is on it, and asks for --force where an installation would")
    func contents() {
        #expect(report { _, _ in }.contents == "empty")
        #expect(report { $1.filesystem = "ext4" }.contents == "no partitions, ext4")
        let other = FoundPartition(path: "/dev/sda1", name: "EFI", label: nil, size: 1, number: 1)
        #expect(report { $1.partitions = [other] }.contents == "one partition")
        #expect(report { $1.partitions = [other, other] }.contents == "2 partitions")
        #expect(!report { $1.partitions = [other, other] }.needsForce)
        let raid = report { $1.memberships = ["/dev/sda is a member of a RAID (linux_raid_member)"] }
        #expect(raid.needsForce && raid.contents.contains("RAID") && raid.obstacle == nil)
    }

    @Test("knows a system of ours, as an installation does", arguments: ["boot", "state"])
    func installation(_ name: String) throws {
        let label = name == "boot" ? "LB_BOOT" : "LB_STATE"
        let found = FoundPartition(path: "/dev/sda2", name: name, label: label, size: 1, number: 2)
        let shown = report { $1.partitions = [found] }
        try #require(found.isInstallation)
        #expect(shown.contents == "a system of lifeboot" && shown.needsForce)
    }

    @Test("names why no installation takes it")
    func obstacles() {
        #expect(report { disk, _ in disk.isMedium = true }.obstacle == "the system that runs comes from it")
        #expect(report { disk, _ in disk.isMemory = true }.obstacle == "it is memory")
        #expect(report { $1.uses = ["/dev/sda2 is mounted on /home"] }.obstacle == "/dev/sda2 is mounted on /home")
        #expect(report { $1.isReadOnly = true }.obstacle == "it is write-protected")
        #expect(report { $1.readsPartitions = false }.obstacle == "the kernel reads no partitions on it")
        #expect(report { disk, _ in disk.sectorSize = 2048 }.obstacle == "it has sectors of 2048 bytes")
        #expect(report { disk, _ in disk.sectorSize = 4096 }.obstacle == nil)
        #expect(report { _, _ in }.obstacle == nil)
        let broken = DiskReport(DiskCandidate(path: "/dev/sdb", size: 1), problem: "reading /dev/sdb: I/O error")
        #expect(broken.obstacle == "reading /dev/sdb: I/O error" && !broken.needsForce)
        #expect(broken.contents == "nobody knows what is on it")
    }

    @Test("is a line with its names below it")
    func lines() {
        let shown = report { disk, content in
            (disk.serial, disk.identifiers) = ("S1", ["ata-A_S1", "wwn-0x1"])
            content.isReadOnly = true
        }
        #expect(
            shown.lines == [
                "/dev/sda (20.0 GB, serial S1): empty", "  by-id ata-A_S1", "  by-id wwn-0x1",
                "  not for an installation: it is write-protected",
            ])
    }
}
