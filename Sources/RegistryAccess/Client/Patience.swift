import HTTPTransfer
import LinuxSystem

/// Counts failures in a row and says how long to wait, or that it is enough.
struct Patience {
    /// Bytes that must come between two failures for the second to be the first of a new row.
    static let progress = 64 << 10

    private let policy: RetryPolicy
    private let attempts: Int
    private var failures = 0
    private var received = 0

    init(_ policy: RetryPolicy, attempts: Int) {
        self.policy = policy
        self.attempts = attempts
    }

    /// Notes that bytes came; enough of them make failures forgotten.
    mutating func received(_ count: Int) {
        received += count
        if received >= Self.progress { failures = 0 }
    }

    /// The pause before the next attempt; nil when there is none, or the server wants more time than it may.
    mutating func pause(after head: HTTPHead?) -> Duration? {
        failures += 1
        received = 0
        guard failures < attempts else { return nil }
        let now = WallClock.secondsSince1970
        guard let asked = RetryPolicy.requestedPause(head?["Retry-After"], now: now) else {
            return policy.pause(afterFailures: failures)
        }
        return asked > policy.longestRequestedPause ? nil : max(asked, .milliseconds(50))
    }
}
