import SeededNumbers
import Testing

@testable import ImageModel

@Suite("Content chunker")
struct ContentChunkerTests {
    static func lengths(
        _ bytes: [UInt8], piece: Int = .max, _ parameters: ContentChunker.Parameters = .standard
    )
        -> [Int]
    {
        var chunker = ContentChunker(parameters)
        var lengths: [Int] = []
        var length = 0
        var begin = 0
        while begin < bytes.count {
            let part = Array(bytes[begin..<(begin + min(piece, bytes.count - begin))])
            var start = 0
            while let end = chunker.boundary(in: part.span, from: start) {
                lengths.append(length + end - start)
                length = 0
                start = end
            }
            length += part.count - start
            #expect(chunker.pending == length)
            begin += part.count
        }
        return length > 0 ? lengths + [length] : lengths
    }

    @Test("boundaries are fixed for ever")
    func golden() {
        var generator = SeededGenerator(seed: 42)
        let lengths = Self.lengths(generator.bytes(400_000))
        #expect(ContentChunker.gearTable.first == 0x73B0_5D5F_3B23_C8D8)
        #expect(lengths == [39532, 34737, 59260, 31608, 16871, 36376, 15652, 42500, 19163, 32895, 63496, 7910])
    }

    @Test("boundaries do not depend on how the stream is cut into pieces", arguments: [1, 7, 4_096, 8_192, 100_000])
    func streams(piece: Int) {
        var generator = SeededGenerator(seed: 3)
        let bytes = generator.bytes(300_000)
        #expect(Self.lengths(bytes, piece: piece) == Self.lengths(bytes))
    }

    @Test("sizes keep to the limits and lie around the mean")
    func sizes() {
        var generator = SeededGenerator(seed: 4)
        let lengths = Self.lengths(generator.bytes(8 << 20))
        #expect(lengths.dropLast().allSatisfy { (8_192...131_072).contains($0) })
        #expect((25_000...48_000).contains((8 << 20) / lengths.count))
        #expect(Self.lengths([UInt8](repeating: 0, count: 300_000)).max() ?? 0 <= 131_072)
    }

    @Test("an insertion changes few chunks")
    func resists() {
        var generator = SeededGenerator(seed: 5)
        let old = generator.bytes(2 << 20)
        let new = old[..<1_000_000] + [1, 2, 3] + old[1_000_000...]
        let (before, after) = (Self.lengths(old), Self.lengths(Array(new)))
        let shared = zip(before.reversed(), after.reversed()).prefix { $0 == $1 }.count
        #expect(shared > before.count / 3)
        #expect(zip(before, after).prefix { $0 == $1 }.count > before.count / 3)
    }

    @Test("impossible limits are refused", arguments: [(0, 256, 512), (512, 256, 512), (64, 300, 512), (64, 512, 256)])
    func limits(minimum: Int, mean: Int, maximum: Int) {
        #expect(ContentChunker.Parameters(minimum: minimum, mean: mean, maximum: maximum) == nil)
    }
}
