import Cryptography
import ImageModel
import LinuxSystem
import Synchronization
import TransferPlanning

/// Hashes the chunks that come over the network on a thread of its own, while more comes.
///
/// Bytes are copied; some 3 MiB of them wait at most.
struct ArrivingBytes: ~Copyable {
    /// Bytes that are handed to a thread at once.
    static let batchLength = 1 << 20
    /// Memory of a batch: as much, and the piece that makes it full.
    private static let capacity = batchLength + 512 << 10

    /// A chunk all of which is in place.
    struct Arrival: Sendable {
        let chunk: ChunkIndex.Chunk
        /// Its digest; nil when it did not come in order and has to be read for it.
        let digest: Digest?
    }

    /// Bytes of one chunk.
    struct Piece: Sendable {
        let chunk: ChunkIndex.Chunk
        let offset: Int
        let part: Range<Int>
        let isLast: Bool
    }

    /// What a thread is given.
    struct Batch: Sendable {
        var bytes: [UInt8] = []
        var pieces: [Piece] = []
        var arrivals: [Arrival] = []
    }

    /// The chunk under way, which is with one thread at a time.
    private final class Shared: Sendable {
        private let chunk: Mutex<ArrivingChunk>

        init() throws(CryptographyError) { chunk = Mutex(try ArrivingChunk()) }

        func take(_ batch: Batch) throws -> [Arrival] {
            var arrivals: [Arrival] = []
            for piece in batch.pieces {
                let digest = try chunk.withLock { chunk in
                    try chunk.take(batch.bytes.span.extracting(piece.part), at: piece.offset, of: piece.chunk)
                    return piece.isLast ? try chunk.digest(of: piece.chunk) : nil
                }
                if piece.isLast { arrivals.append(Arrival(chunk: piece.chunk, digest: digest)) }
            }
            return arrivals
        }
    }

    private let shared: Shared
    private var waiting = Batch()
    private var spare: [UInt8] = []
    private var work: BackgroundWork<Batch>?

    /// Begins with no chunk.
    ///
    /// - Throws: `CryptographyError`.
    init() throws(CryptographyError) { shared = try Shared() }

    /// Takes bytes at a place of the file, inside a chunk; `isLast` when all of that is in place now.
    mutating func take(_ bytes: Span<UInt8>, at offset: Int, of chunk: ChunkIndex.Chunk, isLast: Bool) {
        if waiting.bytes.isEmpty { waiting.bytes.reserveCapacity(Self.capacity) }
        let start = waiting.bytes.count
        ByteCopy.append(bytes, to: &waiting.bytes)
        waiting.pieces.append(
            Piece(chunk: chunk, offset: offset, part: start..<waiting.bytes.count, isLast: isLast))
    }

    /// Hands over what came when it is enough, and returns the chunks that are known since the last call.
    ///
    /// - Throws: `CryptographyError`, also for bytes before.
    mutating func arrivals() throws -> [Arrival] {
        waiting.bytes.count < Self.batchLength ? [] : try handOver()
    }

    /// Returns all chunks that came since the last call.
    ///
    /// - Throws: as `arrivals`.
    mutating func allArrivals() throws -> [Arrival] { try handOver() + join() }

    private mutating func handOver() throws -> [Arrival] {
        let arrivals = try join()
        if waiting.pieces.isEmpty { return arrivals }
        work = BackgroundWork { [shared, waiting] in
            var batch = waiting
            batch.arrivals = try shared.take(batch)
            return batch
        }
        waiting = Batch()
        // The memory of the batch before takes the next bytes.
        spare.removeAll(keepingCapacity: true)
        swap(&waiting.bytes, &spare)
        return arrivals
    }

    private mutating func join() throws -> [Arrival] {
        guard var work = work.take() else { return [] }
        let batch = try work.value()
        spare = batch.bytes
        return batch.arrivals
    }
}

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
