import BootModel
import Testing

@testable import AgentCommands

@Suite("The axis of boot times")
struct TimeAxisTests {
    private static func axis(_ start: Int64, _ end: Int64) -> TimeAxis {
        TimeAxis([BootSpan("a", start: start, duration: end - start)])
    }

    @Test(
        "has round times a power of ten, or 2 or 5 of it, apart, and not many",
        arguments: [
            (0, 19_302_000, [0, 5_000_000, 10_000_000, 15_000_000]),
            (-7_352_000, 21_000_000, [-5_000_000, 0, 5_000_000, 10_000_000, 15_000_000, 20_000_000]),
            (2_944_000, 5_114_000, [3_000_000, 3_500_000, 4_000_000, 4_500_000, 5_000_000]),
            (3_000_000, 3_008_000, Array(stride(from: 3_000_000, through: 3_008_000, by: 1_000))),
            (10, 700, []), (0, 0, [0]),
        ] as [(Int64, Int64, [Int64])])
    func ticks(start: Int64, end: Int64, ticks: [Int64]) {
        #expect(Self.axis(start, end).ticks == ticks)
    }

    @Test(
        "never has more than nine of them",
        arguments: [1_001, 8_999, 9_001, 81_000, 99_999_999, 365 * 86_400 * 1_000_000])
    func few(length: Int64) {
        #expect(Self.axis(0, length).ticks.count <= 9)
    }

    @Test(
        "places a time in proportion, and what is outside at its ends",
        arguments: [(-200, 0), (-100, 0), (0, 5), (100, 10), (90, 10), (300, 10)] as [(Int64, Int)])
    func places(time: Int64, place: Int) {
        #expect(Self.axis(-100, 100).place(time, width: 10) == place)
    }

    @Test("of pieces that have no place it is short, and divides by nothing")
    func nothing() {
        #expect(TimeAxis([BootSpan("a", duration: 5), BootSpan("b")]).place(0, width: 10) == 0)
    }
}
