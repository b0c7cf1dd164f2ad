import Cryptography
import ImageModel
import SeededNumbers
import Testing
import TransferPlanning

@testable import ImageFetching

@Suite("Bytes as they arrive")
struct ArrivingBytesTests {
    /// Chunks that lie across what a thread is given at once, one of them larger than that.
    private static let lengths = [900_000, 300_000, 5_000_000, 1, 700_000]

    @Test(
        "every chunk is known once, in order, whatever pieces it comes in", arguments: [40_000, 1_500_000, 8_000_000])
    func pieces(length: Int) throws {
        var random = SeededGenerator(seed: 3)
        let bytes = random.bytes(Self.lengths.reduce(0, +))
        var index = ChunkIndex(parameters: .standard, digest: try SHA256Hasher.digest(of: []))
        for count in Self.lengths {
            let start = index.size
            index.append(length: count, digest: try SHA256Hasher.digest(of: Array(bytes[start..<(start + count)])))
        }
        var arriving = try ArrivingBytes()
        var arrivals: [ArrivingBytes.Arrival] = []
        for start in stride(from: 0, to: bytes.count, by: length) {
            let piece = start..<min(bytes.count, start + length)
            for chunk in index.chunks(overlapping: piece) {
                let part = piece.clamped(to: chunk.range)
                arriving.take(
                    bytes.span.extracting(part), at: part.lowerBound, of: chunk,
                    isLast: part.upperBound == chunk.range.upperBound)
            }
            arrivals += try arriving.arrivals()
        }
        if length < 1 << 20 { #expect(!arrivals.isEmpty, "some are known before the end") }
        arrivals += try arriving.allArrivals()
        #expect(arrivals.map(\.chunk) == index.chunks)
        #expect(arrivals.map(\.digest) == index.chunks.map(\.digest))
        #expect(try arriving.allArrivals().isEmpty)
    }

    @Test("a chunk that came in another order is named without a digest")
    func otherOrder() throws {
        var index = ChunkIndex(parameters: .standard, digest: try SHA256Hasher.digest(of: []))
        index.append(length: 100, digest: try SHA256Hasher.digest(of: []))
        let bytes = [UInt8](repeating: 1, count: 100)
        var arriving = try ArrivingBytes()
        arriving.take(bytes.span.extracting(60..<100), at: 60, of: index.chunks[0], isLast: false)
        arriving.take(bytes.span.extracting(0..<60), at: 0, of: index.chunks[0], isLast: true)
        let arrivals = try arriving.allArrivals()
        #expect(arrivals.map(\.chunk) == index.chunks)
        #expect(arrivals.map(\.digest) == [nil])
    }
}

@Suite("Chunks as they arrive")
struct ArrivingChunkTests {
    private static let bytes = (0..<100).map { UInt8($0) }

    /// What comes as places in the file, and whether the chunk from 40 to 100 can be told from it.
    @Test(
        "a chunk has a digest when all of it came in order",
        arguments: [
            ([0..<40, 40..<60, 60..<100], true), ([40..<100], true), ([40..<70, 70..<99], false),
            ([40..<70, 71..<100], false), ([60..<100, 40..<60], false), ([40..<70, 40..<70, 70..<100], true),
            ([40..<70, 50..<60, 70..<100], false), ([40..<70, 0..<10, 70..<100], false), ([], false),
        ] as [([Range<Int>], Bool)])
    func order(places: [Range<Int>], isKnown: Bool) throws {
        var index = ChunkIndex(parameters: .standard, digest: try SHA256Hasher.digest(of: Self.bytes))
        for part in [0..<40, 40..<100] {
            index.append(length: part.count, digest: try SHA256Hasher.digest(of: Array(Self.bytes[part])))
        }
        var arriving = try ArrivingChunk()
        for place in places {
            let chunk = index.chunks[place.lowerBound < 40 ? 0 : 1]
            try arriving.take(Self.bytes.span.extracting(place), at: place.lowerBound, of: chunk)
        }
        #expect(try arriving.digest(of: index.chunks[1]) == (isKnown ? index.chunks[1].digest : nil))
        #expect(try arriving.digest(of: index.chunks[1]) == nil, "it is told once")
    }
}
