import DiskContract
import Faults
import GrubEnvironment
import ImageModel
import ImagePlanning
import Plans
import ReleaseModel
import Testing

@testable import TransactionPlanning

@Suite("Completion plan")
struct CompletionPlanTests {
    private static func disk(_ change: (inout CompletionFacts) -> Void) -> ExpandableDisk {
        var disk = ExpandableDisk()
        change(&disk.facts)
        return disk
    }

    /// Disks that are completed, by the names of their plans.
    static let disks: [(String, ExpandableDisk)] = [
        ("complete", ExpandableDisk()),
        (
            "complete-settings",
            disk {
                $0.settings.recovery = 100 << 20
                $0.settings.state = 1 << 30
                $0.settings.persistent = 2 << 30
                $0.settings.isEncrypted = true
            }
        ),
        (
            "complete-resumed",
            {
                var disk = ExpandableDisk(sectorSize: 4096)
                for step in (try? disk.plan().steps) ?? [] {
                    if case .reset(.deploy) = step.action { break }
                    if step.action != .markWhole(.state) { disk.apply(step.action) }
                }
                disk.restart()
                return disk
            }()
        ),
    ]

    @Test("plans are as they are kept", arguments: disks.map(\.0))
    func golden(name: String) throws {
        let made = try #require(Self.disks.first { $0.0 == name })
        try PlanFile.check(try made.1.plan(), name)
    }

    /// What is to be the same however a disk was completed.
    private struct End: Equatable {
        var entries: [CompletionFacts.Entry]
        var recoverySize: Int64
        var whole: Set<Partition>
        var environment: BootEnvironment

        init(_ disk: ExpandableDisk) {
            entries = disk.facts.entries.sorted { $0.number < $1.number }
            recoverySize = disk.facts.recoverySize
            (whole, environment) = (disk.facts.whole, disk.facts.environment)
        }
    }

    private static func finish(_ disk: ExpandableDisk) throws -> End {
        var disk = disk
        for step in try disk.plan().steps { disk.apply(step.action) }
        return End(disk)
    }

    @Test(
        "every prefix of a plan, with a restart or without, and every prefix of what is planned then, comes to the same end",
        arguments: disks.map(\.0))
    func prefixes(name: String) throws {
        let start = try #require(Self.disks.first { $0.0 == name }).1
        let end = try Self.finish(start)
        #expect(end.whole == [.state, .persistent] && end.entries.map(\.name) == Partition.allCases.map(\.rawValue))
        #expect(end.environment == BootEnvironment(active: id("c"), recovery: id("c")))
        for restarts in [true, false] {
            var disk = start
            for step in try start.plan().steps {
                disk.apply(step.action)
                if disk.facts.environment.pending == nil { break }
                if restarts { disk.restart() }
                #expect(try Self.finish(disk) == end, "\(step.action.name)")
                var again = disk
                for step in try disk.plan().steps {
                    again.apply(step.action)
                    if again.facts.environment.pending == nil { break }
                    if restarts { again.restart() }
                    #expect(try Self.finish(again) == end, "\(step.action.name)")
                }
            }
        }
    }

    @Test("nothing becomes active before its image is there, and nothing is formatted that is whole")
    func order() throws {
        let names = try ExpandableDisk().plan().steps.map(\.action.name)
        let commit = try #require(names.firstIndex(of: "finish"))
        #expect(names.firstIndex(of: "deploy-image").map { $0 < commit } == true)
        #expect(names.filter { $0.hasPrefix("format") } == ["format-persistent", "format"], "persistent before state")
        let whole = Self.disk { $0.whole = [.persistent] }
        let kept = try whole.plan().steps.map(\.action.name)
        #expect(!kept.contains("format-persistent") && kept.contains("format"))
    }

    @Test("partitions that are there are taken as they are, whatever the settings say now")
    func taken() throws {
        var disk = ExpandableDisk()
        for step in try disk.plan().steps.prefix(5) { disk.apply(step.action) }
        disk.facts.settings.state = 1 << 30
        disk.facts.settings.recovery = 5 << 30
        let names = try disk.plan().steps.map(\.action.name)
        #expect(!names.contains("write-table") && !names.contains("add-partition"))
    }

    @Test("recovery never becomes smaller, and grows only where that is worth it", arguments: [1, 192, 207, 208, 4096])
    func recovery(mebibytes: Int64) throws {
        let disk = Self.disk { $0.settings.recovery = mebibytes << 20 }
        let end = try Self.finish(disk)
        #expect(end.entries[3].sectors == max(192, mebibytes) << 11)
        #expect(end.recoverySize == (mebibytes < 208 ? 192 : mebibytes) << 20)
    }

    @Test("without settings the partitions are as large as those of an installation")
    func defaults() throws {
        let end = try Self.finish(ExpandableDisk())
        #expect(end.entries.map { $0.sectors >> 11 } == [1, 128, 64, 2048, 8192, 16384 - 1 - 193 - 2048 - 8192 - 1])
    }

    @Test("the smallest disk is completed, and one with a mebibyte less is refused for want of room, with what to do")
    func smallest() throws {
        // Recovery as it is, and two images in state with what is ext4's own.
        let smallest: Int64 = 1 + 1 + 128 + 64 + 192 + 256 + 16 + 1
        #expect(throws: Never.self) { try ExpandableDisk(mebibytes: smallest).plan() }
        let refusal = #expect(throws: Refusal.self) { try ExpandableDisk(mebibytes: smallest - 1).plan() }
        #expect(refusal?.kind == .space && refusal?.subject == "/dev/vda")
        #expect(refusal?.remedy.contains("/oem/lifeboot/disk.yaml") == true)
    }

    @Test(
        "a state partition that does not hold the image, and an encrypted one without room for its header, are refused")
    func rooms() {
        let state = Self.disk { $0.settings.state = 64 << 20 }
        #expect(#expect(throws: Refusal.self) { try state.plan() }?.kind == .space)
        let volume = Self.disk {
            $0.settings.persistent = 47 << 20
            $0.settings.isEncrypted = true
        }
        #expect(#expect(throws: Refusal.self) { try volume.plan() }?.kind == .space)
        var plain = volume
        plain.facts.settings.isEncrypted = false
        #expect(throws: Never.self) { try plain.plan() }
    }

    /// Tables that are none of boatyard's.
    static let foreign: [(String, @Sendable (inout CompletionFacts) -> Void)] = [
        ("no GPT", { $0.isGPT = false }),
        ("no partitions", { $0.entries = [] }),
        ("another partition", { $0.entries[3].name = "data" }),
        ("other numbers", { $0.entries[3].number = 5 }),
        ("another order", { ($0.entries[2].start, $0.entries[3].start) = ($0.entries[3].start, $0.entries[2].start) }),
        ("a gap", { $0.entries[3].start += 2048 }),
        ("one more", { $0.entries.append(.init(number: 5, name: "state", start: 1 << 20, sectors: 1 << 20)) }),
        ("beyond the end", { $0.diskSectors = $0.entries[3].start + $0.entries[3].sectors - 1 }),
        ("no size", { $0.diskSectors = 0 }),
        ("too much size", { $0.diskSectors = .max }),
        ("the kernel's own view", { $0.known[3].sectors += 8 }),
        ("the kernel's other place", { $0.known[1].start += 8 }),
    ]

    @Test("a table that is not as boatyard makes it is not touched", arguments: foreign.map(\.0))
    func refused(name: String) throws {
        let change = try #require(Self.foreign.first { $0.0 == name }).1
        var disk = ExpandableDisk()
        change(&disk.facts)
        #expect(#expect(throws: Refusal.self) { try disk.plan() }?.kind == .impossible)
    }

    @Test("only recovery completes", arguments: [Role.active, .passive, nil])
    func role(role: Role?) {
        let disk = Self.disk { $0.role = role }
        #expect(#expect(throws: Refusal.self) { try disk.plan() }?.kind == .role)
    }
}
