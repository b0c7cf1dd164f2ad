import BootHealth
import BootModel
import CommandOutput
import DiskContract
import GrubEnvironment
import ImageModel
import InstalledSystem
import JSONText
import TransactionPlanning

extension MachineStatus {
    /// Boots that the table shows.
    static let shownBoots = 8
    /// Operations that the table shows.
    static let shownOperations = 4

    /// The status for a terminal of 80 columns.
    package var lines: [String] {
        [summary, roleTable, reasons, boots, operations, list("PROBLEMS", problems), list("WHAT TO DO", advice)]
            .filter { !$0.isEmpty }.reduce(into: []) { $0 += ($0.isEmpty ? [] : [""]) + $1 }
    }

    private var summary: [String] {
        let environment = facts.environment.environment
        var rows = [("Running", running), ("Health", health), ("Counting", facts.saving.description)]
        rows.append(("Next boot", nextBoot))
        if let environment, environment.defaultRole != .active {
            rows.append(("Pinned", "\(environment.defaultRole.rawValue) is the default, set by `lifeboot switch`"))
        }
        if let recoveryLine { rows.append(("Recovery", recoveryLine)) }
        if let updates = facts.updates { rows.append(("Upgrades", updates.sentence)) }
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
        let text = "\(next.role.rawValue) \(next.image), \(next.reason.sentence)"
        return next.starts(whatRuns: facts) ? text : "\(text); it starts when the machine is restarted"
    }

    /// Whether recovery is to get another image, where it is.
    private var recoveryLine: String? {
        switch facts.recoveryFollowing {
        case .waiting: "older than active; gets its image once that has been healthy"
        case .due: "older than active, which has been healthy; lifeboot-recovery-upgrade.service copies it"
        case .kept: "older than active, and stays what it is"
        case .unknown(let why): "unknown whether it is older than active: \(why)"
        case .settled, nil: nil
        }
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
            table.add([
                (isRunning(image) ? "*" : " ") + "-", image.id.description, String((image.title ?? "-").prefix(20)),
                isRunning(image) ? "running" : "unused",
            ])
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

    private var operations: [String] {
        guard !facts.operations.isEmpty else { return [] }
        var table = TextTable(["LAST OPERATIONS", "DONE", "ROLE", "FROM", "TO"])
        for operation in facts.operations.prefix(Self.shownOperations) {
            table.add([
                Self.minute(operation.time), operation.kind.rawValue, operation.role.rawValue,
                operation.former?.description ?? "-", operation.image.description,
            ])
        }
        return table.lines
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

extension BootAttempt {
    /// Whether the next boot would start the image that runs, from the same partition.
    fileprivate func starts(whatRuns facts: StatusFacts) -> Bool {
        image == facts.parameters.image && facts.parameters.role.map { Store(of: $0) } == Store(of: role)
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
