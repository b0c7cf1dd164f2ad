import BootPlanning
import Testing

@Suite("Filesystems of media")
struct MediumFilesystemTests {
    @Test(
        "what no medium has, and partitions of an installed machine, are not mounted to look",
        arguments: [
            ("iso9660", nil, MediumFilesystem.iso9660), ("vfat", nil, .vfat), ("exfat", "stick", .exfat),
            ("ext4", "data", .ext4), (nil, nil, nil), ("xfs", nil, nil), ("squashfs", nil, nil), ("ext3", nil, nil),
            ("VFAT", nil, nil), ("vfat", "boot", nil), ("ext4", "state", nil),
            ("ext4", "recovery", nil), ("ext4", "persistent", .ext4), ("vfat", "", .vfat),
        ] as [(String?, String?, MediumFilesystem?)])
    func candidates(type: String?, label: String?, filesystem: MediumFilesystem?) {
        #expect(MediumFilesystem(type, onPartition: label) == filesystem)
    }

    @Test(
        "all that the kernel would ask for is known, the filesystem first",
        arguments: [
            (MediumFilesystem.iso9660, ["fs-iso9660"]), (.vfat, ["fs-vfat", "nls_cp437", "nls_ascii"]),
            (.exfat, ["fs-exfat"]), (.ext4, ["fs-ext4"]),
        ])
    func requests(filesystem: MediumFilesystem, requests: [String]) {
        #expect(filesystem.requests == requests)
    }

    @Test("only a journal would be written to", arguments: MediumFilesystem.allCases)
    func options(filesystem: MediumFilesystem) {
        #expect(filesystem.options == (filesystem == .ext4 ? ["noload"] : []))
    }
}
