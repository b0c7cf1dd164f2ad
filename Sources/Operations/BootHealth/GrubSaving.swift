package import BootModel
package import Faults
package import GrubEnvironment
import ImageModel
package import InstalledSystem
package import JSONText
import ReleaseModel

/// Says whether GRUB could write the boot environment when it started this system.
package enum GrubSaving: Equatable, Sendable {
    /// It took an attempt and wrote it down.
    case saved
    /// It should have written, and did not.
    case failed(String)
    /// This boot is not counted, so there was nothing to write.
    case notTried(String)
    /// It cannot be told.
    case unknown(String)

    /// Compares what GRUB told the kernel with what is written in `boot.env` itself, nil when that cannot be used; only
    /// sound before the environment is changed again.
    package init(_ parameters: BootParameters, _ environment: BootEnvironment?) {
        guard let role = parameters.role else {
            self = .unknown("GRUB named no role")
            return
        }
        guard let left = parameters.triesLeft else {
            self = Self.uncounted(role, parameters.reason)
            return
        }
        guard let environment else {
            self = .unknown("boot.env cannot be used")
            return
        }
        let written = environment.tries(of: role)
        self =
            written == left
            ? .saved : .failed("GRUB left \(left) attempts for \(role.rawValue), but boot.env says \(written)")
    }

    private static func uncounted(_ role: Role, _ reason: BootReason?) -> GrubSaving {
        switch (reason, role) {
        case (.menu, _): .notTried("chosen by hand in the menu")
        case (.rescue, .active), (.rescue, .passive): .notTried("every attempt is spent and there is no recovery")
        default: .failed("GRUB could not write boot.env")
        }
    }

    /// One sentence for people.
    package var description: String {
        switch self {
        case .saved: "GRUB wrote the attempt down"
        case .failed(let why): "NOT COUNTED: \(why)"
        case .notTried(let why): "not counted: \(why)"
        case .unknown(let why): "unknown: \(why)"
        }
    }

    /// The state and the detail as JSON.
    package var json: JSONValue {
        let (state, detail): (String, String?) =
            switch self {
            case .saved: ("saved", nil)
            case .failed(let why): ("failed", why)
            case .notTried(let why): ("not-tried", why)
            case .unknown(let why): ("unknown", why)
            }
        return ["state": .string(state), "detail": detail.map { .string($0) } ?? .null]
    }

    /// Reads what `json` wrote; nil for anything else.
    package init?(json: JSONValue) {
        let detail = json["detail"]?.text ?? ""
        switch json["state"]?.text {
        case "saved": self = .saved
        case "failed": self = .failed(detail)
        case "not-tried": self = .notTried(detail)
        case "unknown": self = .unknown(detail)
        default: return nil
        }
    }
}

extension GrubSaving {
    /// What a machine's records and environment say about this boot; what `mark-good` saw first counts, because that has
    /// changed the counter since.
    ///
    /// - Throws: `Refusal` when the command line of the kernel cannot be read.
    package init(of machine: borrowing some MachineAccess & ~Copyable) throws(Refusal) {
        let parameters = try BootParameters(machine)
        let health = (try? machine.runtimeFile(HealthReport.file)).flatMap { HealthSummary(parsing: $0) }
        self = health?.saving ?? GrubSaving(parameters, EnvironmentFacts(machine).primary)
    }

    /// Why GRUB could not write the environment at this boot; nil when it could, or when it cannot be told.
    ///
    /// - Throws: `Refusal` when the command line of the kernel cannot be read.
    package static func failure(of machine: borrowing some MachineAccess & ~Copyable) throws(Refusal) -> String? {
        if case .failed(let why) = try GrubSaving(of: machine) { why } else { nil }
    }
}
