import Cryptography
import ImageModel
import TransferPlanning

/// Hashes the chunk that comes over the network right now, so that it need not be read again for its digest.
struct ArrivingChunk: ~Copyable {
    private var hasher: SHA256Hasher
    /// What was hashed: from the start of a chunk without a gap.
    private var range = 0..<0

    init() throws(CryptographyError) { hasher = try SHA256Hasher() }

    /// Takes bytes at a place inside a chunk; what does not follow the bytes before, or begin the chunk, is left out.
    mutating func take(_ bytes: Span<UInt8>, at offset: Int, of chunk: ChunkIndex.Chunk) throws(CryptographyError) {
        let follows = range.lowerBound == chunk.offset && range.upperBound == offset && !range.isEmpty
        guard follows || offset == chunk.offset else {
            // Bytes that come once more may be other ones.
            if range.overlaps(offset..<(offset + bytes.count)) { try reset() }
            return
        }
        if !follows {
            try reset()
            range = offset..<offset
        }
        try hasher.update(bytes)
        range = chunk.offset..<(offset + bytes.count)
    }

    /// The digest of a chunk, all of which came in order; nil when it did not.
    mutating func digest(of chunk: ChunkIndex.Chunk) throws(CryptographyError) -> Digest? {
        guard range == chunk.range, !range.isEmpty else { return nil }
        range = 0..<0
        return try hasher.finish()
    }

    private mutating func reset() throws(CryptographyError) {
        if !range.isEmpty { _ = try hasher.finish() }
        range = 0..<0
    }
}
