import SeededNumbers
import Testing

@testable import OverlayPlanning

@Suite("What the kernel takes")
struct OverlayLimitsTests {
    private static func limits(_ capacity: Int) -> OverlayLimits {
        var limits = OverlayLimits()
        limits.layers = capacity + 1
        return limits
    }

    private static func overlays(
        _ bytes: [Int], archives: Set<Int> = []
    ) throws -> [(source: OverlaySource, bytes: Int)] {
        try bytes.enumerated().map { index, bytes in
            let name = "10-\(index)\(archives.contains(index) ? ".tar" : ".raw")"
            return (OverlaySource(.oem, try #require(OverlayFile(name, isFolder: false))), bytes)
        }
    }

    private static func groups(_ layers: [OverlayLayer]) -> [[String]] {
        layers.map { $0.sources.map { String($0.name.word) } }
    }

    @Test(
        "the number of layers is what both limits leave, and one at least",
        arguments: [
            (500, 4095, 512, 40, 89), (500, 40_000, 512, 40, 499), (3, 4095, 0, 1, 2), (1, 4095, 0, 1, 1),
            (500, 100, 200, 40, 1), (500, Int.min, 1, 40, 1), (500, 4095, 0, 0, 499), (Int.min, 4095, 0, 1, 1),
        ])
    func capacity(layers: Int, options: Int, other: Int, each: Int, capacity: Int) {
        var limits = OverlayLimits()
        (limits.layers, limits.optionBytes, limits.otherBytes, limits.layerBytes) = (layers, options, other, each)
        #expect(limits.capacity == capacity)
    }

    @Test(
        "what is too many becomes one layer: the neighbours that cost least, the first of equals, archives nothing",
        arguments: [
            (3, [5, 1, 1], [], [["0"], ["1"], ["2"]]), (2, [5, 1, 1], [], [["0"], ["1", "2"]]),
            (2, [1, 1, 1], [], [["0", "1"], ["2"]]), (2, [9, 1, 9, 1], [], [["0"], ["1", "2", "3"]]),
            (3, [9, 5, 9, 8], [2], [["0"], ["1", "2"], ["3"]]), (1, [1, 2, 3], [], [["0", "1", "2"]]),
            (2, [Int.max, Int.max, 1], [], [["0", "1"], ["2"]]), (2, [1, -9, 1], [], [["0", "1"], ["2"]]),
            (2, [], [], []),
        ] as [(Int, [Int], Set<Int>, [[String]])])
    func merging(capacity: Int, bytes: [Int], archives: Set<Int>, groups: [[String]]) throws {
        let layers = Self.limits(capacity).layers(of: try Self.overlays(bytes, archives: archives))
        #expect(Self.groups(layers) == groups)
        #expect(layers.map(\.isMerged) == groups.map { $0.count > 1 })
    }

    @Test("of any overlays the order stays, as few as possible are merged, and no cheaper run is left")
    func properties() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                Int.random(in: 0...9, using: &generator)
            }
            let capacity = Int.random(in: 1...12, using: &generator)
            let layers = Self.groups(Self.limits(capacity).layers(of: try Self.overlays(bytes)))
            #expect(layers.flatMap(\.self) == bytes.indices.map(String.init))
            #expect(layers.count == min(capacity, bytes.count))
            let merged = layers.filter { $0.count > 1 }
            #expect(merged.count <= 1)
            guard let run = merged.first else { continue }
            let cost = run.compactMap { Int($0) }.map { bytes[$0] }.reduce(0, +)
            let best = (0...(bytes.count - run.count)).map { bytes[$0..<($0 + run.count)].reduce(0, +) }.min()
            #expect(cost == best)
        }
    }
}
