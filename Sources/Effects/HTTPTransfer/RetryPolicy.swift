import ImageModel
import LinuxSystem

/// Says how often and after which pauses a request is repeated.
package struct RetryPolicy: Equatable, Sendable {
    /// Requests sent in all before giving up, at least 1.
    package var attempts = 6
    /// The pause after the first failure; each further one is twice as long.
    package var firstPause: Duration = .milliseconds(500)
    /// The longest pause of our own.
    package var longestPause: Duration = .seconds(16)
    /// The longest pause that a server may ask for with `Retry-After`; asked for more, the request has failed.
    package var longestRequestedPause: Duration = .seconds(120)

    /// Takes the defaults: six attempts in about half a minute.
    package init() {}

    /// The pause after so many failures (1 and more): at random between half of the doubled time and all of it, so that
    /// machines that failed together do not come back together.
    package func pause(afterFailures failures: Int) -> Duration {
        let doubled = firstPause * (1 << min(max(0, failures - 1), 16))
        let pause = min(doubled, longestPause)
        return pause / 2 * Double.random(in: 1...2)
    }

    /// The pause that `Retry-After` asks for, in seconds or as a date (RFC 9110 10.2.3); nil when there is none.
    ///
    /// - Parameter now: seconds since 1970, for dates.
    package static func requestedPause(_ value: String?, now: Int64) -> Duration? {
        guard let value else { return nil }
        if value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int64(value) {
            return .seconds(min(seconds, 1_000_000))
        }
        return httpDate(value).map { .seconds(min(max(0, $0.seconds - now), 1_000_000)) }
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7; the two old forms are not sent any more).
    static func httpDate(_ text: String) -> UTCTime? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", words[1].utf8.count == 2,
            let month = months.firstIndex(of: String(words[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return UTCTime("\(words[3])-\(number)-\(words[1])T\(words[4])Z")
    }
}

extension HTTPHead {
    /// Whether the same request may succeed later.
    package var asksForPatience: Bool { [429, 500, 502, 503, 504].contains(status) }
}

/// Counts failures in a row and says how long to wait, or that it is enough.
package struct Patience: Sendable {
    /// Bytes that must come between two failures for the second to be the first of a new row.
    static let progress = 64 << 10
    /// As how many failures one standstill counts.
    static let standstillWeight = 3

    private let policy: RetryPolicy
    private let attempts: Int
    private var failures = 0
    private var received = 0

    /// Begins without a failure.
    ///
    /// - Parameter attempts: requests sent in all before it is enough.
    package init(_ policy: RetryPolicy, attempts: Int) {
        self.policy = policy
        self.attempts = attempts
    }

    /// Notes that bytes came; enough of them make failures forgotten.
    package mutating func received(_ count: Int) {
        received += count
        if received >= Self.progress { failures = 0 }
    }

    /// The pause before the next attempt; nil when there is none, or the server wants more time than it may.
    ///
    /// - Parameter isStandstill: whether the server gave nothing for so long that few such failures are minutes.
    package mutating func pause(after head: HTTPHead?, isStandstill: Bool = false) -> Duration? {
        failures += isStandstill ? Self.standstillWeight : 1
        received = 0
        guard failures < attempts else { return nil }
        guard let asked = Self.requested(by: head) else { return policy.pause(afterFailures: failures) }
        return asked > policy.longestRequestedPause ? nil : max(asked, .milliseconds(50))
    }

    /// The pause that a server asks for, as far as it may.
    package func granted(_ head: HTTPHead?) -> Duration? {
        Self.requested(by: head).flatMap { $0 > policy.longestRequestedPause ? nil : $0 }
    }

    private static func requested(by head: HTTPHead?) -> Duration? {
        RetryPolicy.requestedPause(head?["Retry-After"], now: WallClock.secondsSince1970)
    }
}
