import Testing

@testable import ImageModel

@Suite("Block chunker")
struct BlockChunkerTests {
    private func lengths(_ bytes: [UInt8], piece: Int, _ places: [Int]) throws -> [Int] {
        let parameters = try #require(BlockChunker.parameters(blockSize: 128 << 10))
        var chunker = BlockChunker(parameters, places: places)
        var (lengths, taken): ([Int], Int) = ([], 0)
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + piece)
            let span = bytes.span.extracting(start..<end)
            var place = 0
            while place < span.count {
                let cut = chunker.boundary(in: span, from: place)
                taken += (cut ?? span.count) - place
                place = cut ?? span.count
                if cut != nil {
                    lengths.append(taken)
                    taken = 0
                }
            }
            start = end
        }
        #expect(chunker.pending == taken)
        return taken > 0 ? lengths + [taken] : lengths
    }

    private static let bytes: [UInt8] = {
        var state: UInt64 = 1
        return (0..<1_000_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }()

    @Test("blocks are chunks, small ones are joined, tables are cut by content", arguments: [1_000_000, 4_096, 777])
    func blocks(_ piece: Int) throws {
        let places = [50_000, 102, 180_000, 180_010, 230_000, 600_000, 102]
        let found = try lengths(Self.bytes, piece: piece, places)
        #expect(found.prefix(4) == [102, 49_898, 130_000, 50_000])
        var ends: [Int] = []
        for length in found { ends.append((ends.last ?? 0) + length) }
        #expect(ends.contains(600_000) && ends.last == 1_000_000)
        #expect(found.count > 10)
        #expect(try found == lengths(Self.bytes, piece: 1_000_000, places))
        #expect(found.dropLast().allSatisfy { (64...(128 << 10) + 64).contains($0) })
    }

    @Test("an index without block limits is cut by content alone, places or not")
    func standard() {
        var (plain, other) = (ContentChunker(), BlockChunker(.standard, places: [100, 5_000]))
        let bytes = Self.bytes.span
        var (a, b) = (0, 0)
        while let end = plain.boundary(in: bytes, from: a) {
            b = other.boundary(in: bytes, from: b) ?? -1
            #expect(b == end)
            a = end
        }
    }

    @Test(
        "what is found in a broken file makes no trap",
        arguments: [[Int.max, 0, -5], [Int.min, 1, 2, 3, Int.max - 1]])
    func nonsense(_ places: [Int]) throws {
        #expect(try lengths(Self.bytes, piece: 99_999, places).reduce(0, +) == 1_000_000)
    }
}
