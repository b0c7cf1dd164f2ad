import Cryptography
import ImageModel

/// Puts small files into shared blocks, equal ones once.
///
/// libsquashfs can do that as well, but to end a block where we want it has to wait until all others are compressed, and
/// it reads blocks back to compare files; both take the time of idle processors.
struct FragmentBlocks: ~Copyable {
    /// Says where a file lies.
    struct Place: Equatable {
        /// Number of the block.
        var block: UInt32
        /// First byte of the file in the uncompressed block.
        var offset: UInt32
    }

    /// Half of a SHA-256 digest: nobody who can make two files with the same one gains by it, for both are his.
    private struct Key: Hashable {
        private let words: SIMD2<UInt64>

        init(_ digest: Digest) {
            var words = SIMD2<UInt64>()
            for (index, byte) in digest.bytes.prefix(16).enumerated() {
                words[index / 8] = words[index / 8] << 8 | UInt64(byte)
            }
            self.words = words
        }
    }

    private var packing: FragmentPacking
    private var hasher: SHA256Hasher
    private var known: [Key: Place] = [:]
    private var number: UInt32 = 0
    private var block: [UInt8] = []

    /// Begins a filesystem.
    ///
    /// - Throws: `CryptographyError` when there is no SHA-256.
    init(blockSize: Int) throws(CryptographyError) {
        hasher = try SHA256Hasher()
        packing = FragmentPacking(blockSize: blockSize)
    }

    /// Takes the content of a small file that is not empty.
    ///
    /// - Returns: where it lies, and the block in front of its own when no more will come to that.
    /// - Throws: `CryptographyError` when it cannot be hashed.
    mutating func add(_ content: [UInt8], path: [UInt8]) throws(CryptographyError) -> (place: Place, full: [UInt8]?) {
        try hasher.update(content)
        let key = Key(try hasher.finish())
        if let place = known[key] { return (place, nil) }
        let begins = packing.beginsBlock(size: content.count, path: path, filled: block.count)
        let full = begins ? takeLast() : nil
        let place = Place(block: number, offset: UInt32(clamping: block.count))
        block += content
        known[key] = place
        return (place, full)
    }

    /// Takes what the last block has; nil when there is nothing.
    mutating func takeLast() -> [UInt8]? {
        if block.isEmpty { return nil }
        defer { block = [] }
        number += 1
        return block
    }
}

/// Decides where a block of small files ends.
///
/// A block is transferred again when any file in it changes, and a file of another size moves all that follow it up to the
/// end of a block that ends where one ended before. So a block ends with the folder when it is full enough, and the ends
/// of large files are blocks of their own, as with mksquashfs. Measured on a Debian tree of 833 MB (`docs/delta.md`).
struct FragmentPacking {
    /// Bytes of small files, one in so many of a block, after which a block ends with its folder.
    private static let endPart = 4

    private let blockSize: Int
    private var folder: ArraySlice<UInt8> = []

    /// Begins a filesystem.
    init(blockSize: Int) { self.blockSize = blockSize }

    /// Whether the next small file begins another block when the one before has so many bytes.
    mutating func beginsBlock(size: Int, path: [UInt8], filled: Int) -> Bool {
        let parent = path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)]
        let leavesFolder = parent != folder
        folder = parent
        return filled > blockSize - size || leavesFolder && filled >= blockSize / Self.endPart
    }
}
