/// Sizes the FAT image of a medium that UEFI reads.
package enum MediaPartition {
    /// Enough clusters of one sector for FAT16, which every firmware reads.
    private static let minimum: Int64 = 4 << 10

    /// The size in KiB for some bytes of content, with room for the tables of FAT.
    package static func kibibytes(for bytes: Int64) -> Int64 {
        let needed = bytes / 1024 + 1
        return max(minimum, (needed + needed / 32 + 128 + 1023) / 1024 * 1024)
    }
}
