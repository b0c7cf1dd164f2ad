import ImageModel
import ReleaseModel
import Testing

@testable import TransactionPlanning

@Suite("The turns of a machine that nobody watches")
struct UpdateScheduleTests {
    private static let machine = "0123456789abcdef0123456789abcdef"

    private func time(_ text: String) throws -> Int64 { try #require(UTCTime(text)).seconds }

    private func schedule(
        _ window: String? = nil, days: Set<UpdatePolicy.Day> = Set(UpdatePolicy.Day.allCases), interval: Int = 24,
        machine: String = machine, offset: Int64 = 0
    ) throws -> UpdateSchedule {
        var policy = UpdatePolicy()
        policy.window = try window.map { try UpdateWindow(parsing: $0) }
        (policy.days, policy.interval) = (days, interval)
        return UpdateSchedule(policy, machineID: machine, offset: offset)
    }

    @Test("without a window a machine has one place in each interval, at the same time each time")
    func places() throws {
        let schedule = try schedule(interval: 6)
        let start = try time("2026-11-29T19:00:00Z")
        let first = schedule.next(after: start)
        #expect(first > start && first <= start + 6 * 3_600)
        #expect(schedule.next(after: first) == first + 6 * 3_600)
        #expect(schedule.next(after: first - 1) == first)
        #expect(schedule.next(after: -1_000_000) > -1_000_000, "a clock without a battery")
    }

    @Test("in a window it has its turn in the first three quarters, each machine another")
    func turns() throws {
        let noon = try time("2026-11-29T12:00:00Z")
        let (start, end) = (try time("2026-11-30T02:00:00Z"), try time("2026-11-30T05:00:00Z"))
        var turns: Set<Int64> = []
        for number in 0..<200 {
            let turn = try schedule("02:00-05:00", machine: "m\(number)").turn(from: noon)
            #expect((start..<(start + (end - start) * 3 / 4)).contains(turn))
            turns.insert(turn)
        }
        #expect(turns.count > 150)
    }

    @Test("a turn lasts until the window is shut, and the next one is the next day's")
    func lateTurn() throws {
        let schedule = try schedule("02:00-05:00")
        let turn = schedule.turn(from: try time("2026-11-30T00:00:00Z"))
        #expect(schedule.turn(from: turn + 60) == turn + 60)
        let late = try time("2026-11-30T04:59:59Z")
        #expect(schedule.turn(from: late) == late)
        #expect(schedule.turn(from: late + 1) == turn + 86_400)
    }

    @Test("a window over midnight belongs to the day on which it opens")
    func midnight() throws {
        let schedule = try schedule("23:00-02:00", days: [.saturday])
        let sunday = try time("2026-11-29T01:59:00Z")
        #expect(schedule.turn(from: sunday) == sunday, "28 November 2026 is a Saturday")
        let next = schedule.turn(from: sunday + 60)
        #expect(try (time("2026-12-05T23:00:00Z")..<time("2026-12-06T02:00:00Z")).contains(next))
    }

    @Test("days are those of the machine's own time", arguments: [(-10 * 3_600), (0), (13 * 3_600)])
    func zones(_ offset: Int) throws {
        let schedule = try schedule("00:00-23:30", days: [.monday], offset: Int64(offset))
        let opening = try #require(schedule.openings(around: try time("2026-11-28T00:00:00Z")).first)
        #expect(opening.start + Int64(offset) == (try time("2026-11-30T00:00:00Z")), "30 November 2026 is a Monday")
        #expect(opening.end - opening.start == 23 * 3_600 + 1_800)
    }

    @Test("with a window each opening is used once, and rarer where the interval says so")
    func rarer() throws {
        let daily = try schedule("02:00-05:00")
        let turn = daily.turn(from: try time("2026-11-30T00:00:00Z"))
        #expect(daily.next(after: turn) == turn + 86_400)
        #expect(daily.next(after: turn + 3_000) == turn + 86_400)
        #expect(try schedule("02:00-05:00", interval: 168).next(after: turn) == turn + 7 * 86_400)
        #expect(try schedule("02:00-05:00", interval: 1).next(after: turn) == turn + 1_800)
    }

    @Test("a window that never opens is looked at again in a week")
    func never() throws { #expect(try schedule("02:00-05:00", days: []).turn(from: 0) == 7 * 86_400) }

    @Test("after failures it waits twice as long each time, a day at most, and not as long as others")
    func retries() throws {
        let schedule = try schedule()
        let delays = (1...12).map { schedule.retry(after: 0, failures: $0) }
        for (number, delay) in delays.enumerated() {
            let least = min(Int64(900) << Int64(number), 86_400)
            #expect((least..<(least + least / 2)).contains(delay), "failure \(number + 1): \(delay)")
        }
        #expect(delays == delays.sorted())
        let others = Set(try (0..<100).map { try self.schedule(machine: "m\($0)").retry(after: 0, failures: 3) })
        #expect(others.count > 80)
    }

    @Test("a retry that falls out of the window waits for the next one")
    func retryInWindow() throws {
        let schedule = try schedule("02:00-05:00")
        let turn = schedule.turn(from: try time("2026-11-30T00:00:00Z"))
        let last = try time("2026-11-30T04:55:00Z")
        #expect(schedule.retry(after: last, failures: 1) == turn + 86_400)
    }
}
