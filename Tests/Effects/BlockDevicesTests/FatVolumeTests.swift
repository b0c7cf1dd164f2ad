import LinuxSystem
import SystemPackage
import Testing

@testable import BlockDevices

@Suite("Files of FAT without a mount", .enabled(if: FileAccess.allows(.execute, "/usr/bin/mcopy")))
struct FatVolumeTests {
    /// A filesystem with files of mkfs.fat and mtools, which the body gets.
    private func withVolume(
        _ options: [String], files: [(String, [UInt8])], _ body: (FilePath) throws -> Void
    ) throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "fat")
        let image = folder.path.appending("image")
        try AtomicFile.write([], to: image)
        try ChildProcess.run("truncate", ["-s", "64M", image.string]).requireSuccess()
        try ChildProcess.run("/usr/sbin/mkfs.fat", options + [image.string]).requireSuccess()
        try ChildProcess.run("mmd", ["-i", image.string, "::/lifeboot", "::/empty"]).requireSuccess()
        for (name, bytes) in files {
            let source = folder.path.appending("source")
            try AtomicFile.write(bytes, to: source)
            try ChildProcess.run("mcopy", ["-o", "-i", image.string, source.string, "::\(name)"]).requireSuccess()
        }
        try body(image)
    }

    private static let block = (0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    @Test(
        "a file is read as mtools wrote it, in every width and size of cluster",
        arguments: [
            ["-F", "32"], ["-F", "32", "-s", "1"], ["-F", "16"], ["-F", "16", "-s", "8"],
            ["-F", "32", "-R", "64", "-f", "1"],
        ])
    func reads(options: [String]) throws {
        let many = (0..<100).map { ("/lifeboot/a long name number \($0).txt", [UInt8]()) }
        let files = many + [("/lifeboot/boot.env", Self.block), ("/lifeboot/boot.bak", [1, 2, 3]), ("/top.x", [])]
        try withVolume(options, files: files) { (image) throws in
            #expect(try FatVolume.read("lifeboot/boot.env", of: image, limit: 2048) == Self.block)
            #expect(try FatVolume.read("LIFEBOOT/BOOT.BAK", of: image, limit: 2048) == [1, 2, 3])
            #expect(try FatVolume.read("top.x", of: image, limit: 2048) == [])
        }
    }

    @Test("what is not there, is a folder, is too long, or has no short name is nil")
    func absent() throws {
        try withVolume(["-F", "32"], files: [("/lifeboot/boot.env", Self.block)]) { (image) throws in
            for path in [
                "lifeboot/none", "none/boot.env", "lifeboot", "lifeboot/boot.env/x", "a.b.c", "toolongname", "empty/x",
            ] {
                #expect(try FatVolume.read(FilePath(path), of: image, limit: 2048) == nil, "\(path)")
            }
            #expect(try FatVolume.read("lifeboot/boot.env", of: image, limit: 1023) == nil)
        }
    }

    @Test(
        "that a name is not in the root folder is said only when the folder was read to its end",
        arguments: [["-F", "32"], ["-F", "16"], ["-F", "32", "-s", "1"]])
    func lacks(options: [String]) throws {
        let many = (0..<100).map { ("/a long name number \($0).txt", [UInt8]()) }
        try withVolume(options, files: many) { (image) throws in
            #expect(try FatVolume.lacks("images", on: image))
            #expect(try !FatVolume.lacks("lifeboot", on: image))
            #expect(try !FatVolume.lacks("EMPTY", on: image))
            #expect(try !FatVolume.lacks("a long name number 1.txt", on: image), "it has no short form")
            try ChildProcess.run("mmd", ["-i", image.string, "::/images"]).requireSuccess()
            #expect(try !FatVolume.lacks("images", on: image))
            try ChildProcess.run("mrd", ["-i", image.string, "::/images"]).requireSuccess()
            #expect(try FatVolume.lacks("images", on: image))
        }
    }

    @Test("of another filesystem, FAT12 and a folder without an end nobody says that it lacks a name")
    func unknown() throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "fat")
        let image = folder.path.appending("image")
        try AtomicFile.write([UInt8](repeating: 0, count: 4096), to: image)
        #expect(try !FatVolume.lacks("images", on: image))
        try ChildProcess.run("truncate", ["-s", "1M", image.string]).requireSuccess()
        try ChildProcess.run("/usr/sbin/mkfs.fat", ["-F", "12", image.string]).requireSuccess()
        #expect(try !FatVolume.lacks("images", on: image))
        try ChildProcess.run("truncate", ["-s", "64M", image.string]).requireSuccess()
        try ChildProcess.run("/usr/sbin/mkfs.fat", ["-F", "16", image.string]).requireSuccess()
        #expect(try FatVolume.lacks("images", on: image))
        // Each entry of the root folder, which has a fixed place, is one that was deleted.
        let sector = try FileRange.read(image, at: 0, count: 512)
        let start = (sector.littleEndian(14, 2) + UInt32(sector[16]) * sector.littleEndian(22, 2)) * 512
        let deleted = folder.path.appending("deleted")
        try AtomicFile.write([UInt8](repeating: 0xE5, count: Int(sector.littleEndian(17, 2)) * 32), to: deleted)
        let words = ["if=\(deleted)", "of=\(image)", "bs=512", "seek=\(start / 512)", "conv=notrunc", "status=none"]
        try ChildProcess.run("dd", words).requireSuccess()
        #expect(try !FatVolume.lacks("images", on: image))
    }

    @Test("another filesystem, FAT12 and a table that leads in a ring are nil, and nothing traps", arguments: 0..<200)
    func damaged(seed: Int) throws {
        var sector = [UInt8](repeating: 0, count: 512)
        #expect(FatVolume(sector) == nil && FatVolume([]) == nil)
        var generator = SystemRandomNumberGenerator()
        sector = sector.map { _ in UInt8.random(in: 0...255, using: &generator) }
        (sector[510], sector[511], sector[0x0B], sector[0x0C]) = (0x55, 0xAA, 0, 2)
        (sector[0x0D], sector[0x10], sector[0x16], sector[0x17]) = (1, 2, UInt8(seed % 2), 0)
        guard let volume = FatVolume(sector) else { return }
        _ = try volume.read(["a"], limit: 100) { (_, count) in
            (0..<min(count, 1 << 16)).map { _ in UInt8.random(in: 0...255) }
        }
    }

    @Test(
        "names have a short form of eight and three",
        arguments: [
            ("boot.env", "BOOT    ENV"), ("x", "X          "), ("12345678.123", "12345678123"), ("123456789", nil),
            ("a.1234", nil), ("a.b.c", nil), (".a", nil), ("", nil), ("a.", "A          "),
        ])
    func shortNames(name: String, short: String?) {
        #expect(FatVolume.shortName(name).map { String(decoding: $0, as: UTF8.self) } == short)
    }
}
