import SeededNumbers
import Testing

@testable import TransferPlanning

@Suite("Byte ranges")
struct ByteRangesTests {
    @Test("they answer as a set of positions does, whatever is put in and taken out", arguments: 0..<20)
    func model(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var (ranges, model) = (ByteRanges(), Set<Int>())
        for _ in 0..<300 {
            let range = generator.range(below: 64)
            if Bool.random(using: &generator) {
                ranges.insert(range)
                model.formUnion(range)
            } else {
                ranges.remove(range)
                model.subtract(range)
            }
            let asked = generator.range(below: 64)
            #expect(Set(ranges.ranges.joined()) == model && ranges.count == model.count)
            #expect(zip(ranges.ranges, ranges.ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
            #expect(ranges.contains(asked) == asked.allSatisfy(model.contains))
            #expect(Set(ranges.held(in: asked).joined()) == model.intersection(asked))
            #expect(Set(ranges.missing(in: asked).joined()) == Set(asked).subtracting(model))
            #expect(ranges.count(in: asked) == model.intersection(asked).count)
        }
    }
}

extension SeededGenerator {
    mutating func range(below limit: Int) -> Range<Int> {
        let (first, second) = (Int.random(in: 0..<limit, using: &self), Int.random(in: 0..<limit, using: &self))
        return min(first, second)..<max(first, second)
    }
}
