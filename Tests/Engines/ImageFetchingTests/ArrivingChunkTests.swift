import Cryptography
import ImageModel
import Testing

@testable import ImageFetching

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
