import Foundation
import LinuxSystem
import OEMExecution
import OEMPlanning
import Plans
import SystemPackage
import TestServers
import Testing

/// A loop device over an empty file, with partitions; nil where this machine has none for us.
private final class Loop {
    let device: String

    init?(_ file: String, size: String) {
        guard ThisProcess.isRoot, (try? Tool.run("truncate", ["-s", size, file])) != nil,
            let text = try? Tool.run("losetup", ["-f", "-P", "--show", file])
        else { return nil }
        device = String(text.prefix { !$0.isNewline })
    }

    deinit { _ = try? Tool.run("losetup", ["-d", device]) }
}

/// Whether the kernel gives loop devices here.
private let hasLoops: Bool = {
    guard let root = try? FixtureRoot() else { return false }
    return Loop("\(root.path)/probe", size: "8M") != nil
}()

@Suite("The partitions of a disk", .enabled(if: hasLoops), .serialized)
struct LayoutTests {
    private static func run(_ root: FixtureRoot, _ layout: String) throws -> StageActionReport {
        try root.runHere("boot", "stages: {boot: [{layout: {\(layout)}}]}")
    }

    private static let added = "add_partitions: [{fsLabel: FIRST, pLabel: first, size: 20}, {pLabel: second}]"

    @Test("are made on an empty one, with their filesystems, and then stay as they are")
    func makes() throws {
        let root = try FixtureRoot()
        let loop = try #require(Loop("\(root.path)/disk", size: "64M"))
        let layout = "device: {path: \(loop.device), init_disk: true}, \(Self.added)"
        var action = try Self.run(root, layout)
        #expect(action.report.outcome == .done && action.isChanged == true, "\(action.report.message ?? "")")
        #expect(try Tool.run("sfdisk", ["--verify", loop.device]).contains("No errors"))
        let table = try Tool.run("sfdisk", ["-d", loop.device])
        #expect(table.contains("start=        2048, size=       40960") && table.contains("name=\"second\""))
        let found = try Tool.run("blkid", ["-p", "-o", "export", "\(loop.device)p1"])
        #expect(found.contains("LABEL=FIRST") && found.contains("TYPE=ext4"))
        action = try Self.run(root, layout)
        #expect(action.isChanged == false, "\(action.report.message ?? "")")
        #expect(try Tool.run("sfdisk", ["-d", loop.device]) == table)
        // What a cut between table and filesystem leaves.
        try Tool.run("wipefs", ["-q", "-a", "\(loop.device)p2"])
        #expect(try Self.run(root, layout).isChanged == true)
        #expect(try Tool.run("blkid", ["-p", "-o", "export", "\(loop.device)p2"]).contains("TYPE=ext4"))
        let more = "device: {path: \(loop.device), init_disk: true}, add_partitions: [{pLabel: third}]"
        #expect(try Self.run(root, more).report.message?.contains("without any signature") == true)
    }

    @Test(
        "are not made on one that has anything",
        arguments: [
            "mkfs.ext4 -q -F", "mkswap", "echo start=2048 | sfdisk -q --label dos",
            "sh -c 'printf \"EFI PART\" | dd bs=1 seek=512 conv=notrunc status=none of=\"$0\"'",
        ])
    func occupied(command: String) throws {
        let root = try FixtureRoot()
        let loop = try #require(Loop("\(root.path)/disk", size: "64M"))
        try Tool.run("sh", ["-c", "\(command) \(loop.device)"])
        let before = try Tool.run("sha256sum", ["\(root.path)/disk"])
        let action = try Self.run(root, "device: {path: \(loop.device), init_disk: true}, \(Self.added)")
        #expect(action.report.message?.contains("without any signature") == true, "\(action.report.message ?? "")")
        #expect(try Tool.run("sha256sum", ["\(root.path)/disk"]) == before)
    }

    @Test("are found by the program that names their disk, which must be there")
    func script() throws {
        let root = try FixtureRoot()
        let loop = try #require(Loop("\(root.path)/disk", size: "64M"))
        let layout = "device: {path: 'script://echo \(loop.device)', init_disk: true}, \(Self.added)"
        #expect(try Self.run(root, layout).isChanged == true)
        #expect(try Self.run(root, "device: {}, \(Self.added)").report.message?.contains("names no disk") == true)
    }
}
