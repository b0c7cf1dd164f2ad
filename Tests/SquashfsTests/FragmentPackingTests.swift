import Testing

@testable import Squashfs

@Suite("Fragment packing")
struct FragmentPackingTests {
    private func places(_ files: [(String, Int)]) -> [FragmentPacking.Place] {
        var packing = FragmentPacking(blockSize: 1_000)
        return files.map { packing.place(size: $0.1, path: Array($0.0.utf8)) }
    }

    @Test("a block ends with its folder when a quarter of it is used")
    func folders() {
        #expect(
            places([("a/1", 249), ("b/1", 1), ("b/2", 400), ("c/1", 1)]) == [
                .fragment, .fragment, .fragment, .newFragment,
            ])
        #expect(places([("a/1", 249), ("b/1", 1), ("c/1", 1)]) == [.fragment, .fragment, .newFragment])
    }

    @Test("a large file has blocks of its own and does not count, an empty one has none")
    func sizes() {
        #expect(
            places([("a", 1_001), ("b/1", 1_000), ("c/1", 0), ("c/2", 3)]) == [
                .ownBlock, .fragment, .fragment, .newFragment,
            ])
    }

    @Test("a block that is full begins anew by itself")
    func full() {
        #expect(places([("a/1", 900), ("a/2", 200), ("b/1", 10)]) == [.fragment, .fragment, .fragment])
    }
}
