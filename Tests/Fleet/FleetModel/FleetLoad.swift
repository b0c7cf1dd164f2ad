/// What a server sees, second by second.
package struct FleetLoad: Equatable, Sendable {
    private var requests: [Int]
    /// How the bytes of a second differ from those of the second before it.
    private var changes: [Double]

    /// Sees nothing yet.
    package init(seconds: Int) {
        requests = [Int](repeating: 0, count: seconds)
        changes = [Double](repeating: 0, count: seconds + 1)
    }

    /// Seconds that are looked at.
    package var seconds: Int { requests.count }

    /// Adds a number of equal answers which begin at one moment and take some time; what lies behind the end is not counted.
    package mutating func add(_ count: Int, at moment: Double, bytes: Double, taking time: Double) {
        let first = Int(moment)
        guard first < seconds, count > 0 else { return }
        requests[first] += count
        let last = min(seconds, max(first + 1, Int((moment + time).rounded(.up))))
        // An answer is sent evenly over the seconds that it touches.
        let rate = Double(count) * bytes / Double(max(first + 1, Int((moment + time).rounded(.up))) - first)
        changes[first] += rate
        changes[last] -= rate
    }

    /// Requests in all.
    package var total: Int { requests.reduce(0, +) }
    /// The most requests of a second.
    package var peak: Int { requests.max() ?? 0 }
    /// Requests a second, on average.
    package var mean: Double { Double(total) / Double(max(1, seconds)) }

    /// Bytes in all, and the most of a second.
    package var bytes: (total: Double, peak: Double) {
        var (rate, sum, peak) = (0.0, 0.0, 0.0)
        for change in changes.dropLast() {
            rate += change
            sum += rate
            peak = max(peak, rate)
        }
        return (sum, peak)
    }
}
