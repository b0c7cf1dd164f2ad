import Synchronization
import Testing

@testable import LinuxSystem

@Suite("Spread work")
struct SpreadWorkTests {
    private struct Refusal: Error, Equatable {}

    @Test("results come in the order of the items, whatever the number of threads", arguments: [0, 1, 2, 3, 8])
    func order(threads: Int) throws {
        for count in [0, 1, 2, 7, 100] {
            let calls = Mutex(0)
            let results = try SpreadWork.results(of: Array(0..<count), threads: threads) { items in
                calls.withLock { $0 += 1 }
                return items.map { "\($0)" }
            }
            #expect(results == (0..<count).map { "\($0)" })
            #expect(calls.withLock { $0 } == max(1, min(count, max(1, threads))))
        }
    }

    @Test("what one thread throws is thrown", arguments: [0, 99])
    func failure(at place: Int) {
        #expect(throws: Refusal()) {
            try SpreadWork.results(of: Array(0..<100), threads: 4) { items in
                if items.contains(place) { throw Refusal() }
                return items
            }
        }
    }
}
