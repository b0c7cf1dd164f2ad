import ImageModel
import SystemPackage
import TransferPlanning
import Verity

/// Names the hash tree at the end of a root file, which a machine makes out of the data in front of it.
///
/// The same data, salt and UUID give the same bytes, so the tree need not be transferred: 0.8 % of the file, and all of it
/// changes with each image. Its chunks are verified like all others; should they come out differently, they are fetched.
struct HashTree {
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
        guard VerityTreeLayout.describes(parameters), index.size == VerityTreeLayout(dataSize: start).end else {
            return nil
        }
        let chunks = index.chunks(overlapping: start..<index.size)
        return chunks.first { $0.offset >= start }.map { $0.offset..<index.size }
    }

    /// What is hashed in front of each block.
    var salt: [UInt8] { parameters.salt }

    /// The root hash that the manifest names.
    var rootHash: [UInt8] { parameters.rootHash }

    /// Begins the tree.
    ///
    /// - Throws: `VerityError` when the manifest describes none.
    func writer() throws -> HashTreeWriter { try HashTreeWriter(parameters, in: path) }
}
