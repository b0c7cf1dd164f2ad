import Faults
import Foundation
import ImagePlanning
import LinuxSystem
import SystemPackage
import Testing

@testable import ImageBuilding

/// A sparse disk, and what it was converted to.
private struct Converted: ~Copyable {
    let folder: FilePath
    let disk: FilePath
    let layout: DiskLayout

    init(full: Bool = false, size: Int64? = nil) throws {
        let folder = FilePath(NSTemporaryDirectory()).appending("conversion-\(UUID().uuidString)")
        let (disk, layout) = (folder.appending("source"), try DiskLayout(Self.sizes(size)))
        try Folders.make(folder)
        try Self.fill(disk, layout, full)
        (self.folder, self.disk, self.layout) = (folder, disk, layout)
    }

    private static func fill(_ disk: FilePath, _ layout: DiskLayout, _ full: Bool) throws {
        let file = try DiskFile(disk, size: layout.size)
        if full {
            let zeros = [UInt8](repeating: 0, count: 1 << 20)
            for place in stride(from: 0, to: layout.size, by: 1 << 20) { try file.write(zeros, at: place) }
        }
        for (place, count) in [(0, 512), (5 << 20, 100_001), (layout.size - 512, 512)] as [(Int64, Int)] {
            try file.write((0..<count).map { UInt8(truncatingIfNeeded: $0 / 3 | 1) }, at: place)
        }
    }

    private static func sizes(_ size: Int64?) -> DiskSizes {
        var sizes = DiskSizes()
        (sizes.boot, sizes.oem, sizes.recovery) = (68 << 20, 16 << 20, 16 << 20)
        (sizes.state, sizes.persistent, sizes.disk) = (16 << 20, size == nil ? 16 << 20 : nil, size)
        return sizes
    }

    borrowing func convert(_ format: DiskFormat, identity: String = "test") throws -> FilePath {
        let copy = folder.appending("copy")
        _ = try ChildProcess.run("cp", ["--sparse=auto", disk.string, copy.string]).requireSuccess()
        let conversion = DiskConversion(
            format: format, layout: layout, identity: DiskIdentity(seed: identity),
            tools: DiskTools(time: 1_700_000_000),
            staging: folder)
        return try conversion.convert(copy)
    }

    borrowing func run(_ program: String, _ arguments: [String]) throws -> String {
        let outcome = try ChildProcess.run(program, arguments, output: .capture(atMost: 1 << 20)).requireSuccess()
        return String(decoding: outcome.standardOutput, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.string) }
}

/// Programs without which nothing is converted or looked at.
private let programs = ["/usr/bin/qemu-img", "/usr/bin/tar", "/usr/bin/gzip", "/usr/bin/cmp"]

@Suite("Formats of a disk", .enabled(if: programs.allSatisfy { FileManager.default.fileExists(atPath: $0) }))
struct DiskConversionTests {
    @Test(
        "QEMU reads the same bytes out of a format as the disk has, and no more",
        arguments: [(.raw, "raw"), (.qcow2, "qcow2"), (.vhd, "vpc"), (.vmdk, "vmdk")] as [(DiskFormat, String)])
    func back(format: DiskFormat, name: String) throws {
        let source = try Converted()
        let result = try source.convert(format)
        let raw = source.folder.appending("back")
        _ = try source.run("qemu-img", ["convert", "-f", name, "-O", "raw", result.string, raw.string])
        #expect(try source.run("cmp", [source.disk.string, raw.string]).isEmpty)
        let about = try source.run("qemu-img", ["info", "-f", name, "--output=json", result.string])
        #expect(about.contains("\"virtual-size\": \(source.layout.size)"), "\(about)")
    }

    @Test(
        "the bytes depend on the content alone: not on the run, nor on where the filesystem has holes",
        arguments: DiskFormat.allCases)
    func reproducible(format: DiskFormat) throws {
        let one = try Converted()
        let other = try Converted()
        let full = try Converted(full: true)
        let first = try one.convert(format)
        for second in [try other.convert(format), try full.convert(format)] {
            #expect(try one.run("cmp", [first.string, second.string]).isEmpty)
        }
    }

    @Test("two disks have other identifiers in formats that have any", arguments: [DiskFormat.vhd, .vmdk])
    func identity(format: DiskFormat) throws {
        let one = try Converted()
        let other = try Converted()
        let first = try FileBytes.read(try one.convert(format), limit: 1 << 28)
        let second = try FileBytes.read(try other.convert(format, identity: "other"), limit: 1 << 28)
        #expect(first.count == second.count && first != second)
    }

    @Test("a VHD is the disk and 512 bytes, and stays sparse")
    func vhd() throws {
        let source = try Converted()
        let status = try #require(try FileStatus.of(try source.convert(.vhd)))
        #expect(status.size == source.layout.size + 512 && source.layout.size % (1 << 20) == 0)
        #expect(status.allocated < 2 << 20)
    }

    @Test("GNU tar lists one file of whole GiB in the archive for GCE, and gets the disk back; the archive is small")
    func gce() throws {
        let source = try Converted(size: 1 << 30)
        let archive = try source.convert(.gce)
        #expect(try #require(try FileStatus.of(archive)).size < 100_000)
        let listed = try source.run("tar", ["--utc", "--full-time", "-tvzf", archive.string])
        #expect(
            listed.split(separator: " ") == ["-rw-r--r--", "0/0", "1073741824", "2023-11-14", "22:13:20", "disk.raw\n"])
        _ = try source.run("tar", ["-C", source.folder.string, "-xzf", archive.string])
        let raw = source.folder.appending("disk.raw")
        #expect(try source.run("cmp", [source.disk.string, raw.string]).isEmpty)
        #expect(try #require(try FileStatus.of(raw)).allocated < 2 << 20)
        #expect(try FileBytes.read(archive, limit: 1 << 20).prefix(8) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
    }

    @Test("what qemu-img makes is told by its name, but never holds the output's")
    func name() throws {
        let source = try Converted()
        let text = String(
            decoding: try FileBytes.read(try source.convert(.vmdk), limit: 1 << 28).prefix(2048), as: UTF8.self)
        #expect(text.contains("\"streamOptimized\"") && text.contains("\"disk.vmdk\"") && text.contains("\"lsilogic\""))
    }

    @Test("no room ends in an error that names the file and says so")
    func noRoom() throws {
        let source = try Converted()
        let error = #expect(throws: SystemError.self) {
            try DiskArchive.write(source.disk, to: "/dev/full", time: 0)
        }
        #expect(error?.subject == "/dev/full" && error?.errno == .noSpace)
    }
}
