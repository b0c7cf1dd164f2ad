import Faults
import Filesystems
import Foundation
import LinuxSystem
import RegistryModel
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning

@testable import Transactions

/// A loop device as a stick, and the folder below which media are mounted.
private struct Stick {
    let partition: LoopPartition
    let folder: TestFolder
    let mounts: MediumMounts

    /// Makes one with ext4, and what a folder has on it; none for one that is empty.
    init(from content: FilePath?, megabytes: Int = 24) throws {
        partition = try LoopPartition(megabytes: megabytes)
        folder = try TestFolder()
        mounts = MediumMounts(root: folder.path.appending("media"))
        guard let content else { return }
        try ChildProcess.run(
            "mkfs.ext4", ["-q", "-L", "STICK", "-d", content.string, partition.path.string], timeout: .seconds(60)
        ).requireSuccess()
    }

    func report(_ sources: MediumSources) throws -> MediumReport? {
        try MediumLook(mounts, sources).reports(partition.path).first
    }
}

@Suite("Devices with media", .enabled(if: LoopPartition.isPossible), .serialized, .timeLimit(.minutes(5)))
struct MediumDeviceTests {
    private let none = MediumSources { MediumReport.Source($0.description) }

    @Test("a stick is mounted so that nothing on it can run or change, its images are judged, and it is given up again")
    func stick() throws {
        let content = try MediumContent()
        let stick = try Stick(from: content.folder.path)
        let before = try checksum(stick)
        for _ in 0..<2 {
            let report = try #require(try stick.report(content.judging))
            #expect(report.device.filesystem == "ext4" && report.device.label == "STICK" && report.problem == nil)
            #expect(report.device.bytes == 24 << 20)
            #expect(report.sources.count == 3 && report.sources.count(where: \.isTrusted) == 1)
            let folder = try #require(report.folder)
            #expect(folder == stick.mounts.root.appending(stick.partition.path.lastComponent?.string ?? ""))
            let mounts = try Procfs.mounts().filter { $0.target == folder }
            #expect(mounts.count == 1 && Set(mounts[0].options).isSuperset(of: ["ro", "nosuid", "nodev", "noexec"]))
        }
        #expect(try stick.mounts.release() == [stick.partition.path])
        #expect(try stick.mounts.all().isEmpty && stick.mounts.release().isEmpty)
        #expect(try checksum(stick) == before)
    }

    private func checksum(_ stick: Stick) throws -> [UInt8] {
        try ChildProcess.run("sha256sum", [stick.partition.path.string], timeout: .seconds(60)).requireSuccess()
            .standardOutput
    }

    @Test("a stick that somebody has mounted already is looked into there")
    func mounted() throws {
        let content = try MediumContent()
        let stick = try Stick(from: content.folder.path)
        let target = stick.folder.path.appending("elsewhere")
        try Folders.make(target)
        try Mount.attach(source: stick.partition.path.string, target: target, filesystem: "ext4")
        defer { try? Mount.unmount(target, lazy: true) }
        #expect(try stick.report(content.judging)?.folder == target)
        #expect(try stick.mounts.all().isEmpty)
        #expect {
            try MediumWriter(stick.partition.path, own: nil, mounts: stick.mounts).copy("/etc/hostname")
        } throws: { ($0 as? Refusal)?.cause == "it is mounted on \(target)" }
    }

    @Test("an empty stick and a damaged one are lines with what is wrong, and nothing stays mounted")
    func damaged() throws {
        let empty = try Stick(from: nil, megabytes: 8)
        #expect(try empty.report(none)?.problem?.contains("no filesystem was found on it") == true)
        let content = try MediumContent()
        let stick = try Stick(from: content.folder.path)
        // The superblock stays; what it leads to does not.
        try ChildProcess.run(
            "dd", ["if=/dev/urandom", "of=\(stick.partition.path)", "bs=4k", "seek=1", "count=64", "conv=notrunc"],
            timeout: .seconds(60)
        ).requireSuccess()
        let report = try #require(try stick.report(content.judging))
        #expect(report.problem != nil && report.sources.isEmpty, "\(report)")
        try stick.mounts.release()
    }

    @Test(
        "a file is copied to a stick that is mounted to be looked into, replaces an older one, and nothing else is left"
    )
    func copy() throws {
        let content = try TestFolder()
        try content.write("old", to: "report.tar")
        let stick = try Stick(from: content.path)
        #expect(try stick.report(none)?.folder != nil)
        let source = try TestFolder()
        try source.write(String(repeating: "new ", count: 700_000), to: "reports/newest")
        // A link that leads out of its folder.
        try FileManager.default.createSymbolicLink(
            atPath: source.path.appending("report.tar").string,
            withDestinationPath: "\(source.path)/reports/newest")
        var told = 0
        try MediumWriter(stick.partition.path, own: nil, mounts: stick.mounts).copy(source.path.appending("report.tar"))
        {
            told = $0.done
        }
        #expect(told == 2_800_000)
        #expect(try stick.mounts.all().isEmpty, "it can be taken out")
        let report = try #require(try stick.report(none))
        let folder = try #require(report.folder)
        #expect(try Folders.names(of: folder) == ["lost+found", "report.tar"])
        #expect(try FileBytes.read(folder.appending("report.tar"), limit: 4 << 20).count == 2_800_000)
        try stick.mounts.release()
    }

    @Test("a copy that is ended leaves nothing, and one that does not fit is refused with what is needed")
    func ended() throws {
        let content = try TestFolder()
        let stick = try Stick(from: content.path)
        let writer = try MediumWriter(stick.partition.path, own: nil, mounts: stick.mounts)
        let source = try TestFolder()
        try source.write(String(repeating: "x", count: 3 << 20), to: "a")
        #expect(throws: Errno.canceled) { try writer.copy(source.path.appending("a")) { _ in throw Errno.canceled } }
        try source.write(String(repeating: "x", count: 30 << 20), to: "b")
        #expect { try writer.copy(source.path.appending("b")) } throws: {
            ($0 as? Refusal)?.kind == .space && "\($0)".contains("31.5 MB are needed")
        }
        let folder = try #require(try stick.report(none)?.folder)
        #expect(try Folders.names(of: folder) == ["lost+found"])
        try stick.mounts.release()
    }

    @Test("the machine's own disk is never written, nor what is no device")
    func refused() throws {
        let content = try TestFolder()
        let stick = try Stick(from: content.path)
        let device = stick.partition.path
        #expect { try MediumWriter(device, own: device, mounts: stick.mounts).copy("/etc/hostname") } throws: {
            ($0 as? Refusal)?.cause == "it is this machine's own disk"
        }
        #expect { try MediumWriter("/etc/hostname", own: nil) } throws: { ($0 as? Refusal)?.kind == .notFound }
        #expect { try MediumWriter(device, own: nil, mounts: stick.mounts).copy("/no/such") } throws: {
            ($0 as? Refusal)?.kind == .notFound
        }
    }
}
