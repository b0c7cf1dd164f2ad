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
