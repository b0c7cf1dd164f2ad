import LinuxSystem
package import SystemPackage

/// Where a copy of a superblock lies that stands in for a first one that is damaged.
package struct Ext4Backup: Equatable, Sendable {
    /// The number of its block, as `e2fsck -b` takes it.
    package let block: Int
    /// Bytes of a block, as `e2fsck -B` takes them.
    package let blockSize: Int

    /// Groups that have a copy whether or not the filesystem has `sparse_super` (mke2fs(8): 1 and powers of 3, 5 and 7).
    private static let groups = [1, 3, 5, 7, 9]
    /// The sizes of a block that mke2fs(8) makes, the usual one first.
    private static let blockSizes = [4096, 1024, 2048]

    /// Makes one for a block group: a group is as large as one block of bits can describe.
    init(group: Int, blockSize: Int) {
        block = group * 8 * blockSize + (blockSize == 1024 ? 1 : 0)
        self.blockSize = blockSize
    }

    /// Finds a copy on a device that nothing is known to be on.
    ///
    /// A leftover of a filesystem that was once there has another size than the device, or LUKS' second header beside it.
    ///
    /// - Returns: nil when there is none, or when what is there looks like an encrypted volume.
    /// - Throws: `BlockDeviceError` when the device cannot be read.
    package static func find(on device: FilePath) throws(BlockDeviceError) -> Ext4Backup? {
        let size = try BlockDeviceSize.of(device)
        if try isEncrypted(device) { return nil }
        for blockSize in blockSizes {
            for group in groups {
                let backup = Ext4Backup(group: group, blockSize: blockSize)
                guard let superblock = try backup.superblock(on: device) else { continue }
                if backup.isWhole(superblock, group, deviceSize: size) { return backup }
            }
        }
        return nil
    }

    /// Whether a superblock is the copy that belongs there, of a filesystem that fills this device.
    func isWhole(_ superblock: Ext4Superblock, _ group: Int, deviceSize: Int64) -> Bool {
        superblock.group == group && superblock.blockSize == blockSize
            && (0..<Int64(64 << 10) + Int64(blockSize)).contains(deviceSize - superblock.filesystemSize)
    }

    private func superblock(on device: FilePath) throws(BlockDeviceError) -> Ext4Superblock? {
        Ext4Superblock(try Self.bytes(of: device, at: Int64(block) * Int64(blockSize), Ext4Superblock.size))
    }

    /// Looks for LUKS2's second header, which is left when the first block is damaged (LUKS2 on-disk format, 2.2).
    private static func isEncrypted(_ device: FilePath) throws(BlockDeviceError) -> Bool {
        for shift in 14...22 {
            let magic: [UInt8] = [0x53, 0x4B, 0x55, 0x4C, 0xBA, 0xBE]
            if try bytes(of: device, at: 1 << Int64(shift), magic.count) == magic { return true }
        }
        return false
    }

    private static func bytes(
        of device: FilePath, at offset: Int64, _ count: Int
    ) throws(BlockDeviceError) -> [UInt8] {
        do throws(SystemError) { return try FileRange.read(device, at: offset, count: count) } catch {
            throw .unreadable(device, error)
        }
    }
}
