import Testing

@testable import HTTPTransfer

@Suite("The pace of a transfer")
struct TransferPaceTests {
    /// When a transfer is too slow that moves so many bytes each second; nil for never in ten minutes.
    private static func end(_ bytes: (Int) -> Int) -> Int? {
        var pace = TransferPace(window: .seconds(30), rate: 128)
        return (0...600).first { pace.isTooSlow(bytes: bytes($0), at: .seconds($0)) }
    }

    @Test("too few bytes in a window are too slow, however they come")
    func slow() {
        #expect(Self.end { 1 + $0 } == 30)
        #expect(Self.end { 1 + $0 * 127 } == 30)
        // Much in one second of each window, so that a rate of the moment looks well.
        #expect(Self.end { 1 + $0 / 30 * 3_000 } == 30)
        // What was fast becomes slow.
        #expect(Self.end { 1 + min($0, 300) * 1_000 } == 330)
    }

    @Test("enough bytes are never too slow, and silence before the first is for others to judge")
    func enough() {
        #expect(Self.end { 1 + $0 * 128 } == nil)
        #expect(Self.end { _ in 0 } == nil)
        #expect(Self.end { $0 < 100 ? 0 : ($0 - 99) * 200 } == nil)
    }

    @Test("what waits for the receiver, and what begins anew, has another window")
    func restarted() {
        var pace = TransferPace(window: .seconds(30), rate: 128)
        for second in 0...600 {
            if second.isMultiple(of: 20) { pace.restart() }
            let isTooSlow = pace.isTooSlow(bytes: 1, at: .seconds(second))
            #expect(!isTooSlow)
        }
        let later = [(0, 601), (1, 602), (2, 607), (3, 612), (4, 617), (5, 622), (6, 627), (7, 632)]
        let verdicts = later.map { pace.isTooSlow(bytes: $0, at: .seconds($1)) }
        #expect(verdicts == [false, false, false, false, false, false, false, true])
    }

    @Test("time in which nobody looked does not count")
    func unattended() {
        var pace = TransferPace(window: .seconds(30), rate: 128)
        let verdicts = (0..<100).map { pace.isTooSlow(bytes: 1 + $0, at: .seconds(29 * $0)) }
        #expect(!verdicts.contains(true))
    }
}
