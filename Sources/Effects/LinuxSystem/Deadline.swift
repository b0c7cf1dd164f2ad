import Glibc

/// Reads the clock that never jumps.
///
/// The corresponding C function is `clock_gettime` with `CLOCK_MONOTONIC`.
package enum MonotonicClock {
    /// Returns the time since the machine started, without suspended time.
    package static func now() -> Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

/// A point in monotonic time at which waiting ends, or never.
package struct Deadline: Sendable, Equatable {
    /// The point in time; nil is never.
    package let instant: Duration?

    /// How long `turn` is at most: a twelfth of the time after which the watchdog of a boot resets the machine.
    private static let longestTurn = Duration.seconds(5)

    /// Makes a deadline at a time of `MonotonicClock`; nil is never.
    package init(at instant: Duration?) {
        self.instant = instant
    }

    /// Waits without end.
    package static let never = Deadline(at: nil)

    /// Makes a deadline some time from now.
    package static func after(_ duration: Duration) -> Deadline {
        Deadline(at: MonotonicClock.now() + duration)
    }

    /// The time left, zero when past; nil is no limit.
    package var remaining: Duration? {
        guard let instant else { return nil }
        return max(.zero, instant - MonotonicClock.now())
    }

    /// Whether the point has been reached.
    package var isPast: Bool { remaining == .zero }

    /// The end of the next few seconds of waiting, so that something else can be served in between.
    package var turn: Deadline { Deadline.after(min(Self.longestTurn, remaining ?? Self.longestTurn)) }

    /// The time left for `poll(2)` in whole milliseconds, rounded up; -1 is no limit.
    package var pollTimeout: Int32 {
        guard let remaining else { return -1 }
        let (seconds, attoseconds) = remaining.components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}

/// Reads the clock on the wall, which may be wrong before the network is there.
package enum WallClock {
    /// Seconds since 1970.
    ///
    /// The corresponding C function is `time`.
    package static var secondsSince1970: Int64 { Int64(time(nil)) }

    /// What the machine's own time is ahead of UTC at a time, in seconds; 0 where nobody has set a time zone.
    ///
    /// The corresponding C function is `localtime_r`.
    package static func offset(at secondsSince1970: Int64) -> Int64 {
        var time = time_t(secondsSince1970)
        var local = unsafe tm()
        return unsafe localtime_r(&time, &local) == nil ? 0 : Int64(local.tm_gmtoff)
    }

    /// Microseconds since 1970.
    ///
    /// The corresponding C function is `clock_gettime`.
    package static var microsecondsSince1970: Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }
}

/// Waits for a person to read something; nothing else in this project waits by the clock.
package enum Pause {
    /// Waits.
    ///
    /// The corresponding C function is `nanosleep`.
    package static func seconds(_ count: Int) {
        var left = timespec(tv_sec: max(0, count), tv_nsec: 0)
        repeat {
            let request = [left]
            guard unsafe nanosleep(request, &left) == -1, errno == EINTR else { return }
        } while true
    }
}
