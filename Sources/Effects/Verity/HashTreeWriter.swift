import Cryptography
package import ImageModel
package import SystemPackage

/// Makes a dm-verity tree out of the digests of data, in constant memory: one block for each level.
///
/// libcryptsetup makes the same one, but reads and writes 4 KiB at a time, which takes more time than the digests.
package struct HashTreeWriter: Sendable {
    /// Writes a block of the file at a place.
    package typealias Writer = (_ block: Span<UInt8>, _ offset: Int) throws -> Void

    private static let blockSize = VerityTreeLayout.blockSize

    private let layout: VerityTreeLayout
    private let parameters: VerityParameters
    private let superblock: [UInt8]
    /// What the last block of each level has so far, and how many were written.
    private var levels: [(block: [UInt8], written: Int)]
    private var root: [UInt8] = []

    /// Begins a tree; the root hash of the parameters is not looked at.
    ///
    /// - Throws: `VerityError` when there is no such tree.
    package init(_ parameters: VerityParameters, in path: FilePath) throws {
        guard VerityTreeLayout.describes(parameters) else { throw VerityError.unsuitable(path, "size") }
        guard let superblock = VeritySuperblock.block(parameters) else {
            throw VerityError.unsuitable(path, "UUID or salt")
        }
        layout = VerityTreeLayout(dataSize: parameters.hashOffset)
        levels = layout.levels.map { _ in ([], 0) }
        self.parameters = parameters
        self.superblock = superblock
    }

    /// The digests of whole blocks, 32 bytes each, one behind the other; what is most of the work, on any thread.
    ///
    /// - Throws: `CryptographyError`.
    package static func digests(of data: Span<UInt8>, salt: [UInt8]) throws -> [UInt8] {
        var hasher = try SHA256Hasher()
        var digests: [UInt8] = []
        digests.reserveCapacity(data.count / blockSize * VerityTreeLayout.digestLength)
        for start in stride(from: 0, to: data.count - blockSize + 1, by: blockSize) {
            try hasher.update(salt)
            try hasher.update(data.extracting(start..<(start + blockSize)))
            try hasher.finish(appendingTo: &digests)
        }
        return digests
    }

    /// Takes the digests of the next blocks of data and writes the blocks of the tree that are complete.
    ///
    /// - Throws: `CryptographyError`, and what `write` throws.
    package mutating func add(_ digests: [UInt8], _ write: Writer) throws {
        for start in stride(from: 0, to: digests.count, by: VerityTreeLayout.digestLength) {
            try add(digests[start..<min(start + VerityTreeLayout.digestLength, digests.count)], level: 0, write)
        }
    }

    /// Writes the blocks that are not full, and the superblock.
    ///
    /// - Returns: the root hash; empty when no data came.
    /// - Throws: as `add`.
    package mutating func finish(_ write: Writer) throws -> [UInt8] {
        for level in levels.indices where !levels[level].block.isEmpty { try close(level, write) }
        try write(superblock.span, layout.dataSize)
        return root
    }

    /// Adds a digest to a level; the one that has no level above it is the root hash.
    private mutating func add(_ digest: ArraySlice<UInt8>, level: Int, _ write: Writer) throws {
        guard level < levels.count else {
            root = Array(digest)
            return
        }
        levels[level].block += digest
        if levels[level].block.count == Self.blockSize { try close(level, write) }
    }

    /// Writes the block of a level and adds its digest to the one above.
    private mutating func close(_ level: Int, _ write: Writer) throws {
        var block: [UInt8] = []
        swap(&block, &levels[level].block)
        block += repeatElement(0, count: Self.blockSize - block.count)
        try write(block.span, layout.levels[level] + levels[level].written * Self.blockSize)
        levels[level].written += 1
        let digest = try Self.digests(of: block.span, salt: parameters.salt)
        try add(digest[...], level: level + 1, write)
    }
}
