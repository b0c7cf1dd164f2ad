import LinuxSystem
package import SystemPackage

/// The part of an ext2, ext3 or ext4 superblock that says whether the file system wants a check (Linux,
/// Documentation/filesystems/ext4/super.rst).
package struct Ext4Superblock: Equatable, Sendable {
    /// Where the superblock starts, in bytes.
    package static let offset = 1024
    /// Its size in bytes.
    package static let size = 1024

    /// Unmounted properly (`s_state`, EXT4_VALID_FS).
    package let isClean: Bool
    /// The kernel found damage (`s_state`, EXT4_ERROR_FS).
    package let hasErrors: Bool
    /// The journal has to be replayed (`s_feature_incompat`, EXT4_FEATURE_INCOMPAT_RECOVER).
    package let needsRecovery: Bool
    /// Errors since the last check (`s_error_count`).
    package let errorCount: UInt32
    /// The size of the filesystem in bytes (`s_blocks_count` times the block size); 0 when it makes no sense.
    package let filesystemSize: Int64
    /// The label (`s_volume_name`), without the padding.
    package let label: String
    /// The UUID's bytes (`s_uuid`).
    package let uuid: [UInt8]
    /// The block group that this copy lies in (`s_block_group_nr`); 0 for the first.
    package let group: Int
    /// Bytes of a block (`s_log_block_size`); 0 when it makes no sense.
    package let blockSize: Int

    /// Reads the bytes of a superblock; nil when they are too few or have not the magic number.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.size, bytes.littleEndian(0x38, 2) == 0xEF53 else { return nil }
        let state = bytes.littleEndian(0x3A, 2)
        isClean = state & 1 != 0
        hasErrors = state & 2 != 0
        needsRecovery = bytes.littleEndian(0x60, 4) & 4 != 0
        errorCount = bytes.littleEndian(0x194, 4)
        let blocks = Int64(bytes.littleEndian(0x150, 4) & 0x7FFF) << 32 | Int64(bytes.littleEndian(4, 4))
        let shift = bytes.littleEndian(0x18, 4)
        filesystemSize = shift <= 6 ? blocks.multipliedReportingOverflow(by: 1024 << Int64(shift)).partialValue : 0
        uuid = Array(bytes[0x68..<0x78])
        group = Int(bytes.littleEndian(0x5A, 2))
        blockSize = shift <= 6 ? 1024 << Int(shift) : 0
        label = String(decoding: bytes[0x78..<0x88].prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Reads the superblock of a device or of a file that holds one.
    /// - Throws: `BlockDeviceError` when it cannot be read, or is none.
    package static func read(_ path: FilePath) throws(BlockDeviceError) -> Ext4Superblock {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try FileRange.read(path, at: 0, count: offset + size) } catch {
            throw .unreadable(path, error)
        }
        guard let superblock = Ext4Superblock(Array(bytes.dropFirst(offset))) else { throw .notExt(path) }
        return superblock
    }
}

extension [UInt8] {
    /// A little-endian number of so many bytes at a place; 0 where there are too few bytes.
    func littleEndian(_ offset: Int, _ count: Int) -> UInt32 {
        guard offset + count <= self.count else { return 0 }
        return self[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
