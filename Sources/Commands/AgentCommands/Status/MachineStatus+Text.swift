import BootHealth
import BootModel
import CommandOutput
import GrubEnvironment
import ImageModel
import InstalledSystem
import JSONText

extension MachineStatus {
    /// Boots that the table shows.
    static let shownBoots = 8

    /// The status for a terminal of 80 columns.
    package var lines: [String] {
        [summary, roleTable, reasons, boots, list("PROBLEMS", problems), list("WHAT TO DO", advice)]
            .filter { !$0.isEmpty }.reduce(into: []) { $0 += ($0.isEmpty ? [] : [""]) + $1 }
    }

    private var summary: [String] {
        let environment = facts.environment.environment
        var rows = [("Running", running), ("Health", health), ("Counting", facts.saving.description)]
        rows.append(("Next boot", nextBoot))
        if let environment, environment.defaultRole != .active {
            rows.append(("Pinned", "\(environment.defaultRole.rawValue) is the default, set by `lifeboot switch`"))
        }
        if let pending = environment?.pending {
            rows.append(("Pending", "\(pending.rawValue); recovery must finish it first"))
        }
        return rows.flatMap { TextTable.wrapped($0.1, lead: $0.0, hanging: 11) }
    }

    private var running: String {
        guard let role = facts.parameters.role else { return "not started by lifeboot's grub.cfg" }
        let image = facts.parameters.image.map { " \($0)" } ?? ""
        let title = facts.report?["imageName"]?.text.map { " (\($0))" } ?? ""
        return
            "\(role.rawValue)\(image)\(title), \(facts.parameters.reason?.sentence ?? "chosen for an unknown reason")"
    }

    private var health: String {
        if facts.isHealthy { return "healthy" }
        let trial = roles.contains { $0.isRunning && $0.state == .trial } ? "; the image is on trial" : ""
        let counted =
            facts.parameters.triesLeft.map { "; \($0) attempts left" } ?? "; not counted"
        switch facts.health?.verdict {
        case nil: return "not yet checked\(trial)\(counted)"
        case .checking: return "being checked\(trial)\(counted)"
        case .unhealthy: return "UNHEALTHY\(trial)\(counted)"
        case .unchecked: return "unknown: a required check could not be run\(trial)\(counted)"
        case .good, .unsaved: return "healthy, but that is not written down\(trial)\(counted)"
        }
    }

    private var nextBoot: String {
        guard facts.environment.environment != nil else { return "unknown" }
        guard let next = facts.nextBoot else { return "nothing that GRUB could load" }
        return "\(next.role.rawValue) \(next.image), \(next.reason.sentence)"
    }

    private var roleTable: [String] {
        guard !roles.isEmpty else { return [] }
        var table = TextTable(["ROLE", "IMAGE", "VERSION", "STATE", "TRIES", "FILES"])
        for role in roles {
            let files = role.isComplete.map { $0 ? "complete" : "DAMAGED" } ?? (role.image == nil ? "" : "unknown")
            table.add([
                (role.isRunning ? "*" : " ") + role.role.rawValue, role.image?.description ?? "-",
                String((role.title ?? "-").prefix(20)), role.state?.rawValue ?? "-", String(role.tries), files,
            ])
        }
        for image in unused {
            table.add([" -", image.id.description, String((image.title ?? "-").prefix(20)), "unused"])
        }
        return table.lines
    }

    /// Why the images that do not run do not.
    private var reasons: [String] {
        roles.flatMap { role -> [String] in
            guard let diagnosis = role.diagnosis else { return [] }
            let time = diagnosis.time.map { " (\(Self.minute($0)))" } ?? ""
            let lead =
                role.isRunning ? "An earlier attempt of \(role.role.rawValue) failed" : "Why not \(role.role.rawValue)"
            return ["\(lead)\(time):"] + TextTable.wrapped(diagnosis.description, hanging: 4)
        }
    }

    private var boots: [String] {
        guard !facts.boots.isEmpty else { return [] }
        let shown = facts.boots.prefix(Self.shownBoots)
        var table = TextTable(["LAST BOOTS (UTC)", "ROLE", "IMAGE", "REASON", "LEFT", "OUTCOME"])
        for boot in shown {
            table.add([
                Self.minute(boot.time), boot.role?.rawValue ?? "-", boot.image?.description ?? "-",
                boot.reason?.rawValue ?? "-", boot.triesLeft.map { String($0) } ?? "-", outcome(boot),
            ])
        }
        let lines = table.lines
        var text = Array(lines.prefix(1))
        var said: [String] = []
        for (boot, line) in zip(shown, lines.dropFirst()) {
            let details = details(boot)
            text += [line] + (details == said && !said.isEmpty ? ["    the same"] : details)
            said = details
        }
        return text
    }

    private func outcome(_ boot: BootRecord) -> String {
        guard boot.outcome == .booted else { return boot.outcome.rawValue }
        return boot.bootID == facts.bootID ? "running" : "not healthy"
    }

    private func details(_ boot: BootRecord) -> [String] {
        let parts = [boot.step, boot.cause].compactMap(\.self)
        return parts.isEmpty ? [] : TextTable.wrapped(parts.joined(separator: ": "), hanging: 4)
    }

    private func list(_ head: String, _ items: [String]) -> [String] {
        items.isEmpty ? [] : [head] + items.flatMap { TextTable.wrapped($0, lead: "  -", hanging: 4) }
    }

    /// A time to the minute; a clock that was far off shows as seconds.
    static func minute(_ seconds: Int64) -> String {
        guard let time = UTCTime(seconds: seconds)?.description else { return "@\(seconds)" }
        return String(time.prefix(16)).replacing("T", with: " ")
    }
}

extension BootReason {
    /// How the status says it.
    var sentence: String {
        switch self {
        case .default: "the default"
        case .next: "chosen for one boot"
        case .fallback: "because what comes before it cannot boot"
        case .menu: "chosen by hand in the menu"
        case .pending: "because an operation is pending"
        case .rescue: "because every attempt is spent"
        }
    }
}
