import LinuxSystem

/// Decides when bytes from the network are made durable.
///
/// A cut makes come twice what is not durable. On a slow link that is less than 1 MiB, with what is on its way; on a fast one
/// what comes in a quarter of a second, so that a flush for each MiB does not slow it down.
struct FlushPace {
    /// Fewer bytes are never worth a flush.
    static let least = 768 << 10
    /// More bytes are never left.
    static let most = 64 << 20
    /// Time between two flushes of a link that brings more than the least in it.
    static let interval = Duration.milliseconds(250)

    private var bytes = 0
    private var last: Duration

    /// Begins at a time of the monotonic clock.
    init(at now: Duration) { last = now }

    /// Whether what came is to be made durable now.
    func isDue(at now: Duration) -> Bool {
        bytes >= Self.most || bytes >= Self.least && now - last >= Self.interval
    }

    /// How many of the bytes that wait may be taken before asking again.
    func allowance(for count: Int) -> Int {
        min(count, max(1, (bytes < Self.least ? Self.least : Self.most) - bytes))
    }

    /// Notes bytes that were written.
    mutating func took(_ count: Int) { bytes += count }

    /// Notes that all is durable.
    mutating func flushed(at now: Duration) { (bytes, last) = (0, now) }
}
