import LinuxSystem
import Synchronization

/// Ends requests that take longer than what they are for is worth: a build is never kept waiting by a cache.
final class RequestTime: Sendable {
    /// How long questions and their answers may take together.
    static let answers = Duration.seconds(20)
    /// The fewest bytes a second that content may come or go with, over its whole length.
    private static let slowestRate: Int64 = 64 << 10

    private let place: String
    private let deadline: Mutex<Deadline>

    /// Begins with the time for questions.
    ///
    /// - Parameter place: what is asked, for the error.
    init(_ place: String, for time: Duration = answers) {
        self.place = place
        deadline = Mutex(.after(time))
    }

    /// Begins anew, with time for content besides.
    func extend(for bytes: Int64) {
        let time = Self.answers + .seconds(bytes / Self.slowestRate)
        deadline.withLock { $0 = .after(time) }
    }

    /// For a client to call while something is under way.
    ///
    /// - Throws: `RemoteCacheError` (`late`) when the time is over.
    func check() throws {
        if deadline.withLock({ $0.isPast }) { throw RemoteCacheError.late(place) }
    }
}
