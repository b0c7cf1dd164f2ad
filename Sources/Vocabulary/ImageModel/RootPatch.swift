// root.patch-N: blocks of a root file by their difference from those of another one. Written by the builder, named with its
// digest in the signed manifest, applied by the agent's updater.

/// Names a stored block of a squashfs.
package struct StoredBlock: Hashable, Sendable {
    /// Byte offset in the file.
    package var offset: Int
    /// Bytes stored.
    package var length: Int
    /// Whether they are compressed.
    package var isCompressed: Bool

    /// Names a block.
    package init(offset: Int, length: Int, isCompressed: Bool) {
        self.offset = offset
        self.length = length
        self.isCompressed = isCompressed
    }
}

/// Holds a part of a patch: chunks of a root file, each a block that is compressed anew out of what a machine has.
///
/// A compressed block is all other when one byte of it is; its content is not. The file is little-endian:
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 8 | magic `LBPATCH1` |
/// | 8 | 4 | level of zstd at which the blocks are compressed |
/// | 12 | 4 | bytes of content in a block at most |
/// | 16 | 4 | number of changes |
/// | 20 | | changes: number of the chunk (4), stored as it is (0) or compressed (1) (2), number of blocks of the base (2), bytes of the difference (4); for each block of the base its offset (8) and stored length (4, bit 31: compressed); the difference: a frame of zstd with the content of those blocks, one behind the other, as its prefix |
package struct RootPatch: Equatable, Sendable {
    /// One chunk.
    package struct Change: Equatable, Sendable {
        /// Its number in the chunk index.
        package var chunk: Int
        /// Whether it is stored compressed.
        package var isCompressed: Bool
        /// The blocks that the difference is from.
        package var base: [StoredBlock]
        /// The difference.
        package var difference: [UInt8]

        /// Describes a change.
        package init(chunk: Int, isCompressed: Bool, base: [StoredBlock], difference: [UInt8]) {
            self.chunk = chunk
            self.isCompressed = isCompressed
            self.base = base
            self.difference = difference
        }
    }

    /// The first eight bytes.
    package static let magic = Array("LBPATCH1".utf8)
    /// The most bytes of a part that machines read; they hold it in memory.
    package static let sizeLimit = 4 << 20
    /// The most blocks that a difference is from.
    package static let mostBlocks = 16
    /// The largest block.
    package static let largestBlock = 1 << 20

    /// zstd's level.
    package var level: Int
    /// Bytes of content in a block at most.
    package var blockSize: Int
    /// The chunks.
    package var changes: [Change] = []

    /// Begins a part.
    package init(level: Int, blockSize: Int) {
        self.level = level
        self.blockSize = blockSize
    }

    /// The part's bytes.
    package func serialized() -> [UInt8] {
        var bytes = Self.magic
        for value in [level, blockSize, changes.count] { bytes.append(value, 4) }
        for change in changes {
            bytes.append(change.chunk, 4)
            bytes.append(change.isCompressed ? 1 : 0, 2)
            bytes.append(change.base.count, 2)
            bytes.append(change.difference.count, 4)
            for block in change.base {
                bytes.append(block.offset, 8)
                bytes.append(block.length | (block.isCompressed ? 1 << 31 : 0), 4)
            }
            bytes += change.difference
        }
        return bytes
    }

    /// Reads a part; nil when it is none that this program knows.
    package init?(parsing bytes: [UInt8]) {
        guard bytes.starts(with: Self.magic) else { return nil }
        var reader = PatchReader(bytes: bytes, position: Self.magic.count)
        guard let level = reader.take(4), (1...22).contains(level), let blockSize = reader.take(4),
            (1...Self.largestBlock).contains(blockSize), let count = reader.take(4)
        else { return nil }
        self.init(level: level, blockSize: blockSize)
        for _ in 0..<count {
            guard let change = reader.change() else { return nil }
            changes.append(change)
        }
        if reader.position != bytes.count { return nil }
    }
}

/// Takes fields from the front of what is left.
private struct PatchReader {
    let bytes: [UInt8]
    var position: Int

    /// The next number of so many bytes; nil at the end, and when it is too large.
    mutating func take(_ count: Int) -> Int? {
        guard bytes.count - position >= count else { return nil }
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(bytes[position + index]) << (8 * UInt64(index)) }
        position += count
        return value <= 1 << 52 ? Int(value) : nil
    }

    mutating func change() -> RootPatch.Change? {
        guard let chunk = take(4), let form = take(2), form <= 1, let count = take(2), count <= RootPatch.mostBlocks,
            let length = take(4)
        else { return nil }
        var base: [StoredBlock] = []
        for _ in 0..<count {
            guard let offset = take(8), let word = take(4) else { return nil }
            let stored = word & ~(1 << 31)
            guard stored <= RootPatch.largestBlock else { return nil }
            base.append(StoredBlock(offset: offset, length: stored, isCompressed: word & (1 << 31) != 0))
        }
        guard bytes.count - position >= length else { return nil }
        defer { position += length }
        return RootPatch.Change(
            chunk: chunk, isCompressed: form == 1, base: base, difference: Array(bytes[position..<(position + length)]))
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ value: Int, _ count: Int) {
        for index in 0..<count { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}
