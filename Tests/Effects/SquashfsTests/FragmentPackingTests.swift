import Testing

@testable import Squashfs

@Suite("Fragment packing")
struct FragmentPackingTests {
    private func begins(_ files: [(String, Int)]) -> [Bool] {
        var packing = FragmentPacking(blockSize: 1_000)
        var filled = 0
        return files.map { (path, size) in
            let begins = packing.beginsBlock(size: size, path: Array(path.utf8), filled: filled)
            filled = begins ? size : filled + size
            return begins
        }
    }

    @Test("a block ends with its folder when a quarter of it is used")
    func folders() {
        #expect(begins([("a/1", 249), ("b/1", 1), ("b/2", 400), ("c/1", 1)]) == [false, false, false, true])
        #expect(begins([("a/1", 249), ("b/1", 1), ("c/1", 1)]) == [false, false, true])
    }

    @Test("a block ends when the next file does not fit")
    func full() {
        #expect(begins([("a/1", 900), ("a/2", 100), ("a/3", 1), ("b/1", 10)]) == [false, false, true, false])
        #expect(begins([("a/1", 900), ("a/2", 101)]) == [false, true])
    }
}
