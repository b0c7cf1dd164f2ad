// libcurl ends a transfer that gives nothing for a while. A server that gives one byte a second, or what is no content, such as
// extensions of chunks, would hold an operation for years.

/// Follows how many bytes a transfer moves, and says when it is so slow that it counts as standing still.
struct TransferPace {
    /// The time after which the bytes are counted.
    private let window: Duration
    /// The fewest bytes of a window.
    let fewest: Int
    private var start: (time: Duration, bytes: Int)?
    private var last: Duration?

    /// Longer than between two looks at a transfer; what took more time was a receiver that did not listen.
    private static let longestGap = Duration.seconds(5)

    /// Begins before the first byte.
    ///
    /// - Parameter rate: the fewest bytes a second, on average over a window.
    init(window: Duration, rate: Int) {
        self.window = window
        fewest = max(1, Int(clamping: window.components.seconds) * rate)
    }

    /// Begins another window: what was slow was not the other side.
    mutating func restart() { start = nil }

    /// Whether a whole window has passed with too few bytes; silence before the first one is not judged here.
    ///
    /// - Parameters:
    ///   - bytes: those moved so far.
    ///   - time: of a clock that never goes back.
    mutating func isTooSlow(bytes: Int, at time: Duration) -> Bool {
        defer { last = time }
        if let last, time - last > Self.longestGap { restart() }
        guard let start, bytes >= start.bytes else {
            self.start = bytes > 0 ? (time, bytes) : nil
            return false
        }
        guard time - start.time >= window else { return false }
        self.start = (time, bytes)
        return bytes - start.bytes < fewest
    }
}

/// Says below an error that the other side took the request and then gave nothing, or too little.
struct Standstill: Error {}
