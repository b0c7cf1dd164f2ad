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
