/// Names what `lifeboot` ends with; documented in `lifeboot --help` and docs/operating.md.
package enum AgentExit: Int32, CaseIterable, Sendable {
    /// Done; of `mark-good`: healthy and written down.
    case success = 0
    /// The answer is no: unhealthy in a counted boot, or a check found something wrong.
    case negative = 1
    /// It could not be found out or not be written.
    case undetermined = 2
    /// Unhealthy, but a reboot would not help: the boot is not counted, or recovery runs.
    case negativeWithoutReboot = 3
    /// Refused, because the machine would not come up afterwards.
    case refused = 4
    /// The command line was not understood (`EX_USAGE`).
    case usage = 64

    /// One line for people.
    package var explanation: String {
        switch self {
        case .success: "Done. mark-good: healthy, and written down."
        case .negative: "No. mark-good: unhealthy, and this boot is counted."
        case .undetermined: "Could not be checked or written."
        case .negativeWithoutReboot: "mark-good: unhealthy, but a reboot would not help."
        case .refused: "Refused: the machine would not come up afterwards."
        case .usage: "The command line was not understood."
        }
    }
}
