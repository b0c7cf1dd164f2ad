import Glibc

/// Reads the clock on the wall, which may be wrong before the network is there.
package enum WallClock {
    /// Seconds since 1970.
    ///
    /// The corresponding C function is `time`.
    package static var secondsSince1970: Int64 { Int64(time(nil)) }
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
