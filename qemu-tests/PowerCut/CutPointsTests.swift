import Foundation
import Testing

@Suite("Cut points")
struct CutPointsTests {
    /// Three epochs: two writes; one write and a forced one; a write without a flush after it.
    private static func log() throws -> BlockLog {
        var example = ExampleLog()
        example.write(1, at: 0, sectors: 4)
        example.write(2, at: 8, sectors: 4)
        example.flush()
        example.write(3, at: 0)
        example.write(4, at: 1, flags: 2)
        example.flush()
        example.flush()
        example.write(5, at: 2)
        return try BlockLog(parsing: example.file)
    }

    @Test("lie at every flush, and at the end")
    func boundaries() throws {
        let points = CutPoints(of: try Self.log(), in: 0..<8, seed: 1)
        #expect(points.epochs.map(\.entries) == [0..<2, 3..<5, 7..<8])
        #expect(points.flushBoundaries.map(\.durable) == [0, 3, 7, 8])
        #expect(points.flushBoundaries.allSatisfy { $0.arrivals.isEmpty })
    }

    @Test("are the same for the same seed and number, and others for another seed")
    func repeatable() throws {
        let points = CutPoints(of: try Self.log(), in: 0..<8, seed: 1)
        #expect(points.sample(50) == points.sample(80).prefix(50).map(\.self))
        #expect(points.cut(31) == points.sample(50)[31] && points.cut(-2) == points.flushBoundaries[1])
        let others = CutPoints(of: try Self.log(), in: 0..<8, seed: 2)
        #expect(points.sample(50) != others.sample(50))
    }

    @Test("drop and tear what was not flushed, but never what was forced, and nothing of another epoch")
    func lawful() throws {
        let log = try Self.log()
        var seen: Set<String> = []
        for cut in CutPoints(of: log, in: 0..<8, seed: 3).sample(2_000) {
            seen.insert(cut.description.split(separator: ":").last.map(String.init) ?? "")
            for arrival in cut.arrivals {
                #expect((cut.durable..<cut.end).contains(arrival.entry))
                #expect(arrival.isTorn == (arrival.sectors.count < log.entries[arrival.entry].sectors))
            }
            let isForcedThere = cut.arrivals.contains { $0.entry == 4 && !$0.isTorn }
            #expect(isForcedThere == (cut.durable == 3 && cut.end == 5))
        }
        // Of the first epoch alone: both orders, each write alone, none, and torn at each sector from either side.
        #expect(seen.count > 30, "\(seen)")
    }

    @Test("without a write there are none")
    func empty() throws {
        var example = ExampleLog()
        example.flush()
        let points = CutPoints(of: try BlockLog(parsing: example.file), in: 0..<1, seed: 1)
        #expect(points.flushBoundaries.isEmpty && points.sample(5).isEmpty && points.cut(0) == nil)
    }
}
