import Faults
package import ImageModel
import LinuxSystem
package import RepositoryPlanning

/// Reads the clock as documents need it.
package enum RepositoryClock {
    /// Now.
    ///
    /// - Throws: `RepositoryPlanningError` when the clock is beyond all years.
    package static func now() throws(RepositoryPlanningError) -> UTCTime {
        guard let now = UTCTime(seconds: WallClock.secondsSince1970) else {
            throw RepositoryPlanningError(
                .expired, "reading", "the clock", cause: "the clock of this machine is not set",
                remedy: "Set the clock.")
        }
        return now
    }
}
