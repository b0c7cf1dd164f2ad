import Faults
import LinuxSystem
import SystemPackage
import Testing

@testable import Filesystems

@Suite("Formats", .timeLimit(.minutes(10)))
struct FormatTests {
    private static func ext4(_ ground: Ext4Format.Ground, megabytes: Int64 = 32) -> Ext4Format {
        Ext4Format(label: "LB_STATE", size: megabytes << 20, bytesPerInode: 65_536, ground: ground)
    }

    @Test(
        "ext4 has only the features that are named, and is clean", arguments: [Ext4Format.Ground.zeros, .unknown])
    func ext4(ground: Ext4Format.Ground) throws {
        let file = try PartitionFile(megabytes: 32, filledWith: ground == .zeros ? nil : 0xA5)
        try Self.ext4(ground).make(on: file.path)
        let lines = try output("dumpe2fs", ["-h", file.path.string]).split(separator: "\n")
        let features = try #require(lines.first { $0.hasPrefix("Filesystem features:") })
        let named = Ext4Format.features.split(separator: ",").map(String.init).filter { $0 != "none" }
        #expect(Set(features.split(separator: " ").dropFirst(2).map(String.init)) == Set(named))
        #expect(lines.contains { $0.hasSuffix(" LB_STATE") })
        try ChildProcess.run("e2fsck", ["-f", "-n", file.path.string]).requireSuccess()
    }

    @Test("GRUB reads ext4 that was made on used ground", .enabled(if: (try? Executable.find("grub-fstest")) != nil))
    func grub() throws {
        let file = try PartitionFile(megabytes: 32, filledWith: 0xFF)
        try Self.ext4(.unknown).make(on: file.path)
        #expect(try output("grub-fstest", [file.path.string, "ls", "(loop0)/"]).contains("lost+found"))
    }

    @Test("a superblock of which one sector is older than the other still counts", arguments: [1_024, 1_536])
    func torn(sector: Int) throws {
        let file = try PartitionFile(megabytes: 32)
        try Self.ext4(.zeros).make(on: file.path)
        let old = try FileRange.read(file.path, at: Int64(sector), count: 512)
        // The label is in the first sector, the mount options are in the second.
        try ChildProcess.run("tune2fs", ["-L", "other", "-E", "mount_opts=nodelalloc", file.path.string])
            .requireSuccess()
        let written = try OwnedDescriptor(opening: file.path, .readWrite)
        #expect(try FileRange.read(file.path, at: Int64(sector), count: 512) != old)
        try written.descriptor.writeAll(toAbsoluteOffset: Int64(sector), old)
        try ChildProcess.run("e2fsck", ["-p", file.path.string]).requireSuccess()
    }

    @Test("inode tables of large filesystems are left to the first mount, small ones are zeroed at once")
    func lazy() {
        #expect(Self.ext4(.unknown, megabytes: 8192).arguments.contains { $0.contains("lazy_itable_init=0") })
        var large = Self.ext4(.unknown, megabytes: 1 << 20)
        large.bytesPerInode = 16_384
        #expect(large.arguments.contains { $0.contains("lazy_itable_init=1") })
    }

    @Test("a disk's file takes the filesystem at its place")
    func offset() throws {
        let file = try PartitionFile(megabytes: 40)
        var format = Self.ext4(.zeros)
        format.offset = 4 << 20
        try format.make(on: file.path)
        #expect(
            try output("blkid", ["-p", "-O", "\(4 << 20)", "-o", "value", "-s", "LABEL", file.path.string])
                == "LB_STATE\n")
    }

    @Test("FAT32 has clusters of 1 KiB")
    func fat() throws {
        let file = try PartitionFile(megabytes: 68)
        try FATFormat(label: "LB_BOOT", size: 68 << 20).make(on: file.path)
        let bytes = try FileRange.read(file.path, at: 0, count: 512)
        #expect(bytes[0x0B] == 0 && bytes[0x0C] == 2 && bytes[0x0D] == 2)
        #expect(String(decoding: bytes[0x52..<0x5A], as: UTF8.self) == "FAT32   ")
        #expect(try output("blkid", ["-p", "-o", "value", "-s", "LABEL", file.path.string]) == "LB_BOOT\n")
    }

    @Test("what cannot be formatted is named")
    func missing() {
        let error = #expect(throws: FilesystemError.self) {
            try Ext4Format(label: "x", size: 1 << 24, bytesPerInode: 16_384, ground: .unknown)
                .make(on: "/nonexistent/device")
        }
        #expect(error?.subject == "/nonexistent/device")
    }
}
