/// How the kernel mounts the filesystems that sticks, discs and other machines' partitions have.
package struct MediumFilesystem: Equatable, Sendable {
    /// The kernel's name of it.
    package let type: String
    /// What it takes besides to change nothing on the medium when it is mounted read-only.
    package let readOnlyOptions: [String]
    /// The largest file that it can hold, in bytes; nil when it cannot be written.
    package let largestFile: Int?

    private static let known: [String: MediumFilesystem] = [
        "iso9660": .init("iso9660", writable: nil), "udf": .init("udf", writable: nil),
        "squashfs": .init("squashfs", writable: nil), "erofs": .init("erofs", writable: nil),
        // FAT has 32 bits for a length.
        "vfat": .init("vfat", writable: Int(UInt32.max)), "exfat": .init("exfat"),
        "ntfs": .init("ntfs3"), "ext2": .init("ext2"), "ext3": .init("ext3", ["noload"]),
        "ext4": .init("ext4", ["noload"]), "xfs": .init("xfs", ["norecovery"]),
        "btrfs": .init("btrfs", ["rescue=nologreplay"]), "f2fs": .init("f2fs", ["disable_roll_forward"]),
    ]

    private init(_ type: String, _ options: [String] = [], writable: Int? = .max) {
        (self.type, readOnlyOptions, largestFile) = (type, options, writable)
    }

    /// Finds it by the name that blkid(8) has for it; nil for what is not mounted here.
    package init?(probed name: String) {
        guard let known = Self.known[name] else { return nil }
        self = known
    }

    /// All options of a mount that only reads.
    package var options: [String] { ["ro", "nosuid", "nodev", "noexec"] + readOnlyOptions }

    /// Names of what can be written, for people.
    package static let writableNames = ["FAT (vfat)", "exFAT", "ext4"]
}
