import BootModel
import DiskContract
import GrubEnvironment
import ImageModel
import InstalledSystem
import JSONText
import LinuxSystem
package import SystemPackage

/// What stands on the screen before and after a login when another system than active runs: why, and what to do.
package struct RoleNotice: Equatable, Sendable {
    /// Where it goes below `/run`.
    package static let files = LoginNotice("lifeboot", []).files
    /// Commands that are shown.
    private static let shownCommands = 3
    /// Characters of a reason that are shown.
    private static let reasonLimit = 160

    /// The lines; none where active runs.
    package var lines: [String] = []

    /// Words it from what the status knows.
    package init(_ status: MachineStatus) {
        let facts = status.facts
        guard let role = facts.parameters.role, role != .active else { return }
        let title = facts.report?["imageName"]?.text.map { " (\($0))" } ?? ""
        lines = ["This is the \(role.rawValue.uppercased()) system\(title): \(facts.reason)."]
        for other in facts.passedOver {
            guard let diagnosis = facts.diagnosis(of: other) else { continue }
            lines.append("  \(other.rawValue): \(Self.printable(diagnosis.description))")
        }
        lines += ["What to do:"] + Self.commands(status).map { "  \($0)" }
    }

    /// The status first, then what it advises.
    private static func commands(_ status: MachineStatus) -> [String] {
        let advised = status.advice.compactMap { line in
            line.firstRange(of: "lifeboot ").map { String(line[$0.lowerBound...]) }
        }
        var commands = ["lifeboot status"]
        for command in advised + ["lifeboot upgrade SOURCE", "lifeboot switch active --once && reboot"]
        where !commands.contains(command) && commands.count < shownCommands {
            commands.append(command)
        }
        return commands
    }

    /// One line that fits.
    private static func printable(_ text: String) -> String {
        let line = LoginNotice.printable(text)
        return line.count > reasonLimit ? "\(line.prefix(reasonLimit))…" : line
    }
}

extension StatusFacts {
    /// Why the role runs that runs, for a sentence that says "because".
    package var reason: String {
        switch parameters.reason {
        case .fallback, .rescue: "what comes before it could not boot"
        case .next: "it was chosen for this boot"
        case .menu: "it was chosen by hand in the menu"
        case .pending: "a \(environment.environment?.pending?.rawValue ?? "reset") is pending"
        case .default: "it is the default"
        case nil: "nobody knows why"
        }
    }
}

extension RoleNotice {
    /// Puts it on the screen, or takes away what was there.
    ///
    /// - Parameter root: where `/run` is.
    /// - Throws: `SystemError` when a file cannot be written.
    package func write(below root: FilePath = "/run") throws {
        try LoginNotice("lifeboot", lines).write(below: root)
    }
}
