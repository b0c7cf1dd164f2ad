import Cryptography
import Glibc
import ImageModel
import RegistryModel
import SeededNumbers

/// Gives blobs from memory and fails where a test wants it to.
struct FakeBlobSource: BlobSource, ~Copyable {
    /// A connection that ended.
    struct Broken: Error {}

    /// Counts bytes for who looks on while a transfer runs.
    final class Meter {
        var received = 0
    }

    /// What goes wrong.
    struct Faults: Sendable {
        /// Bytes after which every transfer breaks; nil for never.
        var breaksAfter: Int?
        /// Bytes given by ranges after which there are none any more; nil for never.
        var endsRangesAfter: Int?
        /// Bytes of the blob that are given wrong.
        var wrong: Set<Int> = []
        /// Bytes that are missing at the end of every stream.
        var truncatedBy = 0
    }

    /// The blobs by digest.
    var blobs: [Digest: [UInt8]] = [:]
    /// What goes wrong.
    var faults = Faults()
    /// Bytes given so far.
    let meter = Meter()
    /// Bytes delivered of each blob.
    private(set) var delivered: [Digest: Int] = [:]
    /// Calls of the streaming method.
    private(set) var streams = 0
    private(set) var traffic = Traffic()
    /// Bytes in a piece.
    var pieceLength = 5_000
    /// How fast the link is; nil for as fast as can be.
    var bytesPerSecond: Int?
    private var rangedBytes = 0
    private var generator = SeededGenerator(seed: 99)

    init() {}

    /// Adds a blob and returns its descriptor.
    mutating func add(_ bytes: [UInt8], _ mediaType: String = MediaType.imageFile) throws -> Descriptor {
        let digest = try SHA256Hasher.digest(of: bytes)
        blobs[digest] = bytes
        return Descriptor(mediaType: mediaType, digest: digest, size: bytes.count)
    }

    mutating func resolve() throws -> ManifestDocument { throw Broken() }
    mutating func manifest(_ digest: Digest) throws -> ManifestDocument { throw Broken() }
    mutating func manifest(tag: String) throws -> ManifestDocument? { nil }

    mutating func read(
        _ blob: Descriptor, from offset: Int, check: DigestCheck, into sink: (Span<UInt8>) throws -> Void
    ) throws {
        guard let bytes = blobs[blob.digest] else { throw Broken() }
        streams += 1
        traffic.requests += 1
        // A source without ranges sends everything from the start.
        var position = rangesEnded ? 0 : offset
        while position < bytes.count - faults.truncatedBy {
            let piece = try next(blob.digest, position..<min(bytes.count - faults.truncatedBy, position + pieceLength))
            let skipped = min(piece.count, max(0, offset - position))
            if skipped < piece.count { try sink(piece.span.extracting(skipped..<piece.count)) }
            position += piece.count
        }
    }

    mutating func read(
        _ blob: Descriptor, ranges: [Range<Int>], into sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeAnswer {
        var open = ranges
        var begun: Set<Int> = []
        while !open.isEmpty {
            let index = Int.random(in: 0..<open.count, using: &generator)
            if begun.insert(open[index].upperBound).inserted {
                traffic.requests += 1
                if rangesEnded { return .unsupported }
            }
            let range = open[index]
            let part = range.lowerBound..<min(range.upperBound, range.lowerBound + pieceLength)
            let piece = try next(blob.digest, part)
            rangedBytes += piece.count
            try sink(part.lowerBound, piece.span)
            open[index] = part.upperBound..<range.upperBound
            if open[index].isEmpty { open.remove(at: index) }
        }
        return .complete
    }

    private var rangesEnded: Bool { faults.endsRangesAfter.map { rangedBytes >= $0 } ?? false }

    private mutating func next(_ digest: Digest, _ range: Range<Int>) throws -> [UInt8] {
        if let limit = faults.breaksAfter, traffic.bytesReceived + range.count > limit { throw Broken() }
        guard let bytes = blobs[digest], range.upperBound <= bytes.count else { throw Broken() }
        if let bytesPerSecond { usleep(UInt32(range.count * 1_000_000 / bytesPerSecond)) }
        traffic.bytesReceived += range.count
        meter.received += range.count
        delivered[digest, default: 0] += range.count
        var piece = Array(bytes[range])
        for place in faults.wrong where range.contains(place) && bytes.count > 100_000 {
            piece[place - range.lowerBound] ^= 1
        }
        return piece
    }
}

extension SeededGenerator {
    mutating func bytes(_ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count + 8)
        while result.count < count {
            let word = next()
            for shift in stride(from: 0, to: 64, by: 8) {
                result.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return Array(result.prefix(count))
    }
}
