import Testing

@testable import ImageFetching

@Suite("When bytes are made durable")
struct FlushPaceTests {
    @Test(
        "never are more than what a cut may cost left, however fast they come",
        arguments: [10_000, 3_000_000, 12_000_000, 1_000_000_000])
    func bound(bytesPerSecond: Int) {
        var pace = FlushPace(at: .zero)
        var (left, flushes) = (0, 0)
        let (total, piece) = (bytesPerSecond * 4, max(1, bytesPerSecond / 1000))
        for moment in 0..<4000 {
            var rest = min(piece, total)
            while rest > 0 {
                let now = Duration.milliseconds(moment)
                if pace.isDue(at: now) {
                    pace.flushed(at: now)
                    (left, flushes) = (0, flushes + 1)
                }
                let count = pace.allowance(for: rest)
                pace.took(count)
                (left, rest) = (left + count, rest - count)
                #expect(count > 0)
                let inTheInterval = bytesPerSecond / 4 + piece
                #expect(left <= min(FlushPace.most, max(FlushPace.least, inTheInterval)))
            }
        }
        #expect(flushes <= max(16, total / FlushPace.most + 1))
    }
}
