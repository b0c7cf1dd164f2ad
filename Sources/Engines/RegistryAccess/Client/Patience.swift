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
        guard let asked = Self.requested(by: head) else { return policy.pause(afterFailures: failures) }
        return asked > policy.longestRequestedPause ? nil : max(asked, .milliseconds(50))
    }

    /// The pause that a server asks for, as far as it may.
    func granted(_ head: HTTPHead?) -> Duration? {
        Self.requested(by: head).flatMap { $0 > policy.longestRequestedPause ? nil : $0 }
    }

    private static func requested(by head: HTTPHead?) -> Duration? {
        RetryPolicy.requestedPause(head?["Retry-After"], now: WallClock.secondsSince1970)
    }
}
