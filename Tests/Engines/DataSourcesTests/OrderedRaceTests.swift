import LinuxSystem
import Testing

@testable import DataSources

@Suite("Works beside each other") struct OrderedRaceTests {
    /// A work that takes some milliseconds.
    private static func work(_ value: Int, after milliseconds: Int) -> @Sendable () -> Int {
        {
            if milliseconds > 0 { _ = try? WakeSignal().wait(until: .after(.milliseconds(milliseconds))) }
            return value
        }
    }

    @Test("a slow answer that comes first in the order is waited for")
    func slowFirst() throws {
        let values = try OrderedRace.run(
            [Self.work(1, after: 150), Self.work(2, after: 0)], until: .after(.seconds(20))
        ) { $0 > 0 }
        #expect(values == [1, 2])
    }

    @Test("an answer whose forerunners have nothing is not held up by those behind it")
    func decidedEarly() throws {
        let start = MonotonicClock.now()
        let values = try OrderedRace.run(
            [Self.work(0, after: 0), Self.work(2, after: 0), Self.work(3, after: 10_000)], until: .after(.seconds(20))
        ) { $0 > 0 }
        #expect(values == [0, 2, nil])
        #expect(MonotonicClock.now() - start < .seconds(8))
    }

    @Test("at the deadline a fast answer counts, and who is late is nil")
    func deadline() throws {
        let values = try OrderedRace.run(
            [Self.work(1, after: 10_000), Self.work(2, after: 0)], until: .after(.seconds(1))
        ) { $0 > 0 }
        #expect(values == [nil, 2])
    }

    @Test("works go on beside each other, not one after the other")
    func parallel() throws {
        let start = MonotonicClock.now()
        let works = (1...20).map { Self.work($0, after: 300) }
        let values = try OrderedRace.run(works, until: .after(.seconds(20))) { _ in false }
        #expect(values == Array(1...20))
        #expect(MonotonicClock.now() - start < .seconds(4))
    }

    @Test("no work at all is decided at once")
    func empty() throws { #expect(try OrderedRace.run([], until: .never) { (_: Int) in true } == []) }
}
