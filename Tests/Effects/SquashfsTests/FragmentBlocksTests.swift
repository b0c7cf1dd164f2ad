import Testing

@testable import Squashfs

@Suite("Blocks of small files")
struct FragmentBlocksTests {
    @Test("files lie one behind the other, equal ones once, in blocks with growing numbers")
    func places() throws {
        var blocks = try FragmentBlocks(blockSize: 1_000)
        var full: [[UInt8]] = []
        func add(_ byte: UInt8, _ count: Int, _ path: String) throws -> FragmentBlocks.Place {
            let added = try blocks.add(Array(repeating: byte, count: count), path: Array(path.utf8))
            if let block = added.full { full.append(block) }
            return added.place
        }
        #expect(try add(1, 200, "a/1") == .init(block: 0, offset: 0))
        #expect(try add(2, 100, "a/2") == .init(block: 0, offset: 200))
        #expect(try add(1, 200, "z/equal") == .init(block: 0, offset: 0))
        #expect(full.isEmpty)
        #expect(try add(3, 999, "a/3") == .init(block: 1, offset: 0))
        #expect(full == [Array(repeating: 1, count: 200) + Array(repeating: 2, count: 100)])
        #expect(try add(2, 100, "b/2") == .init(block: 0, offset: 200), "also when its block is written")
        #expect(blocks.takeLast() == Array(repeating: 3, count: 999))
        #expect(blocks.takeLast() == nil)
    }
}
