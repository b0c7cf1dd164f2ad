import BootModel

/// Where between the first beginning and the last end of some pieces a time is.
struct TimeAxis: Equatable {
    private let start: Int64
    private let length: Int64

    /// Spans the pieces that have a place.
    init(_ spans: [BootSpan]) {
        start = spans.lazy.compactMap(\.start).min() ?? 0
        length = max(1, (spans.lazy.compactMap(\.end).max() ?? start) - start)
    }

    /// The place on a line of so many marks, from 0 to `width`; what is outside is at its ends.
    func place(_ time: Int64, width: Int) -> Int {
        let place = Double(time - start) / Double(length) * Double(width)
        return Int(min(Double(width), max(0, place)).rounded())
    }

    /// Round times: 1, 2 or 5 of a power of ten apart, a millisecond at least; at most eight of them and one more.
    var ticks: [Int64] {
        let most: Int64 = 8
        var power: Int64 = 1_000
        while length / power > most * 10 { power *= 10 }
        let step = power * ([1, 2, 5].first { length / (power * $0) <= most } ?? 10)
        let first = (start + (start > 0 ? step - 1 : 0)) / step * step
        return Array(stride(from: first, through: start + length, by: Int64.Stride(step)))
    }
}
