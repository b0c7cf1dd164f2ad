/// Says where the blocks of a dm-verity tree lie behind the data, for SHA-256 and blocks of 4,096 bytes.
///
/// Behind the superblock comes the level with the single top block, and the digests of the data come last (format version
/// 1: Documentation/admin-guide/device-mapper/verity.rst, and `hash_levels` in cryptsetup's lib/verity/verity_hash.c).
package struct VerityTreeLayout: Equatable, Sendable {
    /// Bytes of a block of data, of one of the tree, and of the superblock with what fills it up.
    package static let blockSize = 4_096
    /// Bytes of a digest.
    package static let digestLength = Digest.length
    /// Digests in a block.
    package static let digestsPerBlock = blockSize / digestLength

    /// Bytes in front of the superblock.
    package let dataSize: Int
    /// Where each level begins, first the one with the digests of the data; none for a single block of data.
    package let levels: [Int]
    /// Where the tree ends.
    package let end: Int

    /// Lays out the tree for data of so many bytes, a multiple of 4,096.
    package init(dataSize: Int) {
        self.dataSize = dataSize
        var blocks = dataSize / Self.blockSize
        var counts: [Int] = []
        while blocks > 1 {
            blocks = (blocks - 1) / Self.digestsPerBlock + 1
            counts.append(blocks)
        }
        var end = dataSize + Self.blockSize
        var levels: [Int] = []
        for count in counts.reversed() {
            levels.append(end)
            end += count * Self.blockSize
        }
        self.levels = levels.reversed()
        self.end = end
    }

    /// Whether a tree with these parameters is laid out like this.
    package static func describes(_ parameters: VerityParameters) -> Bool {
        parameters.algorithm == "sha256" && parameters.dataBlockSize == blockSize
            && parameters.hashBlockSize == blockSize && parameters.hashOffset > 0
            && parameters.hashOffset.isMultiple(of: blockSize)
    }
}

/// Describes the dm-verity tree at the end of a root file: what the kernel needs besides the file itself.
///
/// The on-disk format is version 1 (Documentation/admin-guide/device-mapper/verity.rst), with cryptsetup's superblock at
/// `hashOffset`.
package struct VerityParameters: Equatable, Sendable {
    /// Digest of the tree's top block: the one value that must be trusted.
    package var rootHash: [UInt8]
    /// Bytes hashed before each block; may be empty, at most 256.
    package var salt: [UInt8]
    /// Byte offset of the superblock, where the data ends: a multiple of both block sizes, above 0.
    package var hashOffset: Int
    /// Size of the blocks that are verified: a power of two from 512 to 65,536.
    package var dataBlockSize: Int
    /// Size of the tree's blocks: as `dataBlockSize`.
    package var hashBlockSize: Int
    /// Hash function as the kernel names it: `sha256`.
    package var algorithm: String
    /// UUID of the superblock, lower case, 36 characters.
    package var uuid: String

    /// Describes a tree.
    package init(
        rootHash: [UInt8], salt: [UInt8], hashOffset: Int, dataBlockSize: Int = 4_096, hashBlockSize: Int = 4_096,
        algorithm: String = "sha256", uuid: String
    ) {
        self.rootHash = rootHash
        self.salt = salt
        self.hashOffset = hashOffset
        self.dataBlockSize = dataBlockSize
        self.hashBlockSize = hashBlockSize
        self.algorithm = algorithm
        self.uuid = uuid
    }

    /// Number of blocks that are verified.
    package var dataBlocks: Int { dataBlockSize > 0 ? hashOffset / dataBlockSize : 0 }
}
