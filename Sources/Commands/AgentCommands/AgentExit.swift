import BootHealth
import CommandOutput
package import Faults
import Transactions

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
    /// `upgrade --check`: there is something to install.
    case available = 5
    /// The image or document has no signature.
    case unsigned = 10
    /// It is signed by none of the trusted keys.
    case untrusted = 11
    /// It is older than what is installed.
    case downgrade = 12
    /// It is made for another machine type.
    case architecture = 13
    /// It is made for other boards.
    case board = 14
    /// Its manifest has a schema that this agent does not know.
    case schema = 15
    /// It needs a newer agent.
    case agent = 16
    /// The channel document has expired.
    case channelExpired = 17
    /// The channel document is older than the last one seen.
    case channelOlder = 18
    /// There is not enough room.
    case space = 19
    /// It would have to be fetched as a whole, which the policy forbids.
    case fullDownload = 20
    /// The registry or file cannot be reached.
    case unreachable = 21
    /// What was received does not match its digest.
    case mismatch = 22
    /// Another operation is at work.
    case busy = 23
    /// The registry would have to be asked over plain HTTP.
    case plainHTTP = 24
    /// There is nothing of that name.
    case notFound = 25
    /// The registry refuses access.
    case accessDenied = 26
    /// A hook failed, or a strict stage before an operation.
    case hook = 27
    /// GRUB could not write `boot.env` at the last boot.
    case unsavable = 28
    /// The disk is in use, or holds an installation.
    case diskInUse = 29
    /// The system that runs has the wrong role for this.
    case role = 30
    /// The time is over that the operation was given.
    case overdue = 31
    /// It is another product than what is installed.
    case product = 32
    /// The command line was not understood (`EX_USAGE`).
    case usage = 64
    /// Cancelled by a signal.
    case cancelled = 130

    /// One line for people.
    package var explanation: String {
        switch self {
        case .success: "Done. mark-good: healthy, and written down."
        case .negative: "No. mark-good: unhealthy, and this boot is counted."
        case .undetermined: "Could not be checked or written."
        case .negativeWithoutReboot: "mark-good: unhealthy, but a reboot would not help."
        case .refused: "Refused: the machine would not come up afterwards."
        case .available: "upgrade --check: there is something to install."
        case .unsigned: "The image or channel is not signed."
        case .untrusted: "It is signed by none of the trusted keys."
        case .downgrade: "It is older than what is installed."
        case .architecture: "It is made for another machine type."
        case .board: "It is made for other boards."
        case .schema: "Its manifest has a schema that this agent does not know."
        case .agent: "It needs a newer agent."
        case .channelExpired: "The channel has expired."
        case .channelOlder: "The channel is older than the last one seen."
        case .space: "There is not enough room on a partition."
        case .fullDownload: "It would have to be fetched whole; the policy forbids it."
        case .unreachable: "The source cannot be reached."
        case .mismatch: "What was received does not match its digest."
        case .busy: "Another operation is at work."
        case .plainHTTP: "The registry would have to be asked over plain HTTP."
        case .notFound: "There is nothing of that name."
        case .accessDenied: "The registry refuses access."
        case .hook: "A hook failed, or a strict stage before an operation."
        case .unsavable: "GRUB could not write boot.env at the last boot."
        case .diskInUse: "The disk is in use, or holds an installation."
        case .role: "The system that runs has the wrong role for this."
        case .overdue: "The time that the operation was given is over."
        case .product: "It is another product than what is installed."
        case .usage: "The command line was not understood."
        case .cancelled: "Cancelled by a signal."
        }
    }
}

extension AgentExit {
    /// The status for a reason.
    package init(_ kind: RefusalKind) {
        self =
            switch kind {
            case .unsigned: .unsigned
            case .untrusted: .untrusted
            case .downgrade: .downgrade
            case .architecture: .architecture
            case .board: .board
            case .schema: .schema
            case .agent: .agent
            case .channelExpired: .channelExpired
            case .channelOlder: .channelOlder
            case .space: .space
            case .fullDownload: .fullDownload
            case .unreachable: .unreachable
            case .mismatch: .mismatch
            case .busy: .busy
            case .plainHTTP: .plainHTTP
            case .notFound: .notFound
            case .accessDenied: .accessDenied
            case .hook: .hook
            case .unsavable: .unsavable
            case .diskInUse: .diskInUse
            case .role: .role
            case .product: .product
            case .unbootable: .refused
            case .overdue: .overdue
            case .cancelled: .cancelled
            case .impossible: .undetermined
            }
    }
}

extension ReportedFailure {
    /// Words any error of the agent, with the status of the reason behind it.
    init(_ error: any Error) {
        let kind = RefusalKind(error)
        self.init(error, kind: kind, status: AgentExit(kind).rawValue)
        guard let failure = error as? TransactionFailure else { return }
        (operation, subject) = (failure.kind.operation, "step \(failure.kind.step)")
    }
}

extension HealthReport {
    /// What `lifeboot mark-good` ends with.
    var exitStatus: AgentExit {
        switch verdict {
        case .good: .success
        case .unhealthy: rebootHelps ? .negative : .negativeWithoutReboot
        case .checking, .unchecked, .unsaved: .undetermined
        }
    }
}
