import ImageModel
import Snapshots
import Testing

@testable import ImagePlanning

@Suite("How xorriso makes a medium")
struct ISOVolumeTests {
    @Test("is said with every time and identifier")
    func arguments() throws {
        let volume = ISOVolume(
            label: "HARBOUR", time: try #require(UTCTime("2026-11-23T11:45:29Z")),
            identifier: "11111111-2222-8333-8444-555555555555")
        let arguments = volume.arguments(
            output: "/out", tree: "/tree", partition: "/efi.img", bootSector: "/boot_hybrid.img", commands: "/commands")
        try Snapshot.check(arguments, "iso-arguments")
    }

    @Test("files come from where they are, with permissions of their own and nothing else of the host")
    func commands() throws {
        let content = try MediaContent([
            MediaEntry("/oem", .folder),
            MediaEntry("/oem/run me.sh", .file(source: "/srv/a \"b\"/run*.sh", size: 1, permissions: 0o755)),
            MediaEntry("/images/1/vmlinuz", .file(source: "/srv/it's/vmlinuz", size: 1, permissions: 0o644)),
        ])
        try Snapshot.check(try #require(ISOVolume.commands(for: content)), "iso-commands")
    }

    @Test("a path that xorriso cannot read is not passed on", arguments: ["/a'b\"c", "/a\nb"])
    func unreadable(source: String) throws {
        let content = try MediaContent([MediaEntry("/a", .file(source: source, size: 1, permissions: 0o644))])
        #expect(ISOVolume.commands(for: content) == nil)
    }

    @Test(
        "a label is what every system shows as it is",
        arguments: [
            ("HARBOUR_7", true), (String(repeating: "A", count: 32), true), (String(repeating: "A", count: 33), false),
            ("", false), ("Harbour", false), ("A B", false), ("Ä", false), ("A-B", false),
        ])
    func label(text: String, isLabel: Bool) {
        #expect(ISOVolume.isLabel(text) == isLabel)
    }
}

@Suite("The image that UEFI reads")
struct MediaPartitionTests {
    @Test(
        "is large enough for FAT16 and for what lies in it, in whole mebibytes",
        arguments: [(0, 4096), (3_900_000, 4096), (4_000_000, 5120), (10 << 20, 11264)] as [(Int64, Int64)])
    func size(bytes: Int64, kibibytes: Int64) {
        #expect(MediaPartition.kibibytes(for: bytes) == kibibytes)
    }
}
