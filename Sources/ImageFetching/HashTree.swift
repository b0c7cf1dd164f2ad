import ImageModel
import SystemPackage
import TransactionPlanning
import Verity

/// Names the hash tree at the end of a root file, which a machine makes out of the data in front of it.
///
/// The same data, salt and UUID give the same bytes, so the tree need not be transferred: 0.8 % of the file, and all of it
/// changes with each image. Its chunks are verified like all others; should they come out differently, they are fetched.
struct HashTree {
    /// Bytes of a block, and of the superblock in front of the tree.
    private static let blockSize = 4_096
    /// Digests of 32 bytes in a block.
    private static let digestsPerBlock = blockSize / 32

    private let parameters: VerityParameters
    private let path: FilePath

    /// Names the tree of a root file.
    init(_ parameters: VerityParameters, in path: FilePath) {
        self.parameters = parameters
        self.path = path
    }

    /// Where the data ends.
    var start: Int { parameters.hashOffset }

    /// The bytes of the chunks that have nothing but the tree; nil when it is not one that can be made here.
    func chunks(of index: ChunkIndex) -> Range<Int>? {
        guard parameters.algorithm == "sha256", parameters.dataBlockSize == Self.blockSize,
            parameters.hashBlockSize == Self.blockSize, start > 0, start < index.size, index.size - start == length
        else { return nil }
        let chunks = index.chunks(overlapping: start..<index.size)
        return chunks.first { $0.offset >= start }.map { $0.offset..<index.size }
    }

    /// Bytes of superblock and tree.
    private var length: Int {
        var (blocks, sum) = (parameters.dataBlocks, Self.blockSize)
        while blocks > 1 {
            blocks = (blocks - 1) / Self.digestsPerBlock + 1
            sum += blocks * Self.blockSize
        }
        return sum
    }

    /// Writes superblock and tree behind the data, which must be in place.
    ///
    /// - Returns: whether it has the root hash that the manifest names.
    /// - Throws: `VerityError` when the file cannot be read or written.
    func append() throws -> Bool {
        let made = try VerityFormat.append(to: path, size: start, salt: parameters.salt, uuid: parameters.uuid)
        return made.rootHash == parameters.rootHash
    }
}
