import Filesystems
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage
import TransferPlanning
import Verity

/// Names the hash tree at the end of a root file, which a machine makes out of the data in front of it.
///
/// The same data, salt and UUID give the same bytes, so the tree need not be transferred: 0.8 % of the file, and all of it
/// changes with each image. Its chunks are verified like all others; should they come out differently, they are fetched.
struct HashTree {
    private let parameters: VerityParameters
    /// The root file.
    let path: FilePath

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

    /// Begins a tree.
    ///
    /// - Throws: `VerityError` when the manifest describes none.
    func writer() throws -> HashTreeWriter { try HashTreeWriter(parameters, in: path) }
}

// The part of a root file that is made here.

extension StagedFile {
    /// Begins to read back what came, while more comes, when there is enough of it from the start of the file.
    ///
    /// What the disk refuses now it refuses again when all else is in place, where that is told.
    mutating func growTree() {
        guard derived != nil, tree != nil, let start = held.ranges.first, start.lowerBound == 0 else { return }
        do { try advanceTree(upTo: start.upperBound, waits: false) } catch { tree = nil }
    }

    private mutating func advanceTree(upTo end: Int, waits: Bool) throws {
        try write(try tree?.advance(upTo: end, waits: waits) ?? [])
    }

    private mutating func write(_ blocks: [GrowingTree.Block]) throws {
        if !blocks.isEmpty { isFlushed = false }
        for block in blocks { try file.write(block.bytes.span, at: block.offset) }
    }

    /// Makes the hash tree when all else is in place, and verifies its chunks.
    ///
    /// - Returns: whether the file is complete; if not, what is missing has to be fetched after all.
    /// - Throws: `VerityError` when the file cannot be read or written, `PreallocationError`, or what `observer` throws.
    mutating func append(_ made: HashTree, _ observer: (TransferProgress) throws -> Void) throws -> Bool {
        guard let derived else { return isComplete }
        self.derived = nil
        guard !isComplete, held.contains(0..<derived.lowerBound) else { return isComplete }
        try observer(TransferProgress("making the hash tree", done: held.count, total: index.size))
        let hasRootHash = try discardingUnreadable { (file) in
            let rootHash = try file.finishTree(made)
            try file.verifyChunks(from: made.start)
            return rootHash == made.rootHash
        }
        if hasRootHash, isComplete { proof = .rootHash }
        return isComplete
    }

    /// Makes what is left of the tree; returns its root hash.
    private mutating func finishTree(_ made: HashTree) throws -> [UInt8] {
        if tree == nil { tree = try GrowingTree(made) }
        while let position = tree?.position, position < made.start { try advanceTree(upTo: made.start, waits: true) }
        guard let (rootHash, blocks) = try tree.take()?.finish() else { return [] }
        try write(blocks)
        return rootHash
    }

    /// Compares the chunks of the tree, as the disk gives them back, with what the index says.
    ///
    /// The last chunk of the data may reach into the tree, so it is looked at as well.
    private mutating func verifyChunks(from start: Int) throws {
        try file.settle(start..<index.size)
        for chunk in index.chunks(overlapping: start..<index.size) {
            if try !isRight(chunk) {
                try discard(chunk.range)
            } else if !held.contains(chunk.range) {
                keep(chunk.range, .copied)
            }
        }
    }
}
