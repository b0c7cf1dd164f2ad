import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import BlockDevices

@Suite("Copies of an ext4 superblock", .timeLimit(.minutes(5)))
struct Ext4BackupTests {
    /// Makes a filesystem in a file, does something to it by a shell command that gets `$1`, and hands it over.
    private static func filesystem(
        _ size: String, _ options: [String], _ script: String, _ body: (FilePath) throws -> Void
    ) throws {
        let path = FilePath("/tmp/lifeboot-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        try ChildProcess.run("truncate", ["-s", size, path.string]).requireSuccess()
        try ChildProcess.run("mkfs.ext4", ["-q", "-F"] + options + [path.string]).requireSuccess()
        try ChildProcess.run("sh", ["-ec", script, "sh", path.string]).requireSuccess()
        try body(path)
    }

    private static let zeroed = "dd if=/dev/zero of=$1 bs=4096 count=4 conv=notrunc status=none"

    @Test(
        "a filesystem without its first blocks is found by a copy, whatever its blocks",
        arguments: [
            ("200M", "4096", 32768), ("40M", "1024", 8193), ("100M", "2048", 16384), ("9G", "4096", 32768),
        ])
    func found(size: String, blockSize: String, block: Int) throws {
        try Self.filesystem(size, ["-b", blockSize], Self.zeroed) { path in
            let damaged = try BlockDevice.probe(path)
            #expect(damaged.filesystemType == nil)
            let backup = try #require(try Ext4Backup.find(on: path))
            #expect(backup.block == block && "\(backup.blockSize)" == blockSize)
            let arguments = ["-y", "-b", "\(backup.block)", "-B", "\(backup.blockSize)", path.string]
            let outcome = try ChildProcess.run("e2fsck", arguments)
            #expect(outcome.termination == .exited(1))
            let mended = try BlockDevice.probe(path)
            #expect(mended.filesystemType == "ext4")
        }
    }

    @Test("a second copy counts when the first is damaged, too")
    func second() throws {
        let both = Self.zeroed + "; dd if=/dev/zero of=$1 bs=4096 seek=32768 count=1 conv=notrunc status=none"
        try Self.filesystem("500M", ["-b", "4096"], both) { path in
            let backup = try Ext4Backup.find(on: path)
            #expect(backup?.block == 98304)
        }
    }

    @Test(
        "what an older filesystem of another size left, and what may be an encrypted volume, is not brought back",
        arguments: [
            "truncate -s 300M $1", "truncate -s 150M $1",
            "printf 'SKUL\\272\\276' | dd of=$1 bs=1 seek=16384 conv=notrunc status=none",
            "printf 'SKUL\\272\\276' | dd of=$1 bs=1 seek=4194304 conv=notrunc status=none",
            "dd if=/dev/zero of=$1 bs=1M count=200 conv=notrunc status=none",
        ])
    func leftovers(script: String) throws {
        try Self.filesystem("200M", ["-b", "4096"], "\(Self.zeroed); \(script)") { path in
            let backup = try Ext4Backup.find(on: path)
            #expect(backup == nil)
        }
    }
}
