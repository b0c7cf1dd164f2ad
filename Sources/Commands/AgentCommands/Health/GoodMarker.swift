package import BootModel
import GrubEnvironment
import ImageModel

/// Runs the health checks and declares the running system healthy or not.
///
/// The order matters: the boot environment first, because only that counts; then the history, which may fail; the stamp
/// last, so that it never lies.
package struct GoodMarker: Sendable {
    /// The parameters of this boot.
    let parameters: BootParameters
    /// Seconds a check may take.
    let timeout: Int
    /// Whether nothing is to be written.
    let isDryRun: Bool

    /// Makes a marker for the running system.
    package init(_ parameters: BootParameters, timeout: Int, isDryRun: Bool) {
        self.parameters = parameters
        self.timeout = timeout
        self.isDryRun = isDryRun
    }

    /// Checks, and writes down what comes of it.
    ///
    /// - Throws: `CommandFailure` when the command line does not say what runs, or the checks cannot be listed.
    package func run(_ machine: inout some MachineAccess) throws(CommandFailure) -> HealthReport {
        guard let role = parameters.role, let image = parameters.image else { throw .notOurs("mark-good") }
        try lock(&machine)
        let saving = saving(machine, EnvironmentFacts(machine))
        let rebootHelps = BootJudge.rebootObstacle(parameters, saving) == nil
        var report = HealthReport(.checking, rebootHelps: rebootHelps, saving: saving)
        save(&report, &machine)
        machine.unlock()
        report.results = try results(machine)
        report.verdict = HealthVerdict(report.results)
        try lock(&machine)
        // Read again: the checks took time, and others may have written meanwhile.
        if report.verdict == .good { mark(role, image, EnvironmentFacts(machine), &report, &machine) }
        record(&report, &machine)
        save(&report, &machine)
        machine.unlock()
        return report
    }

    private func lock(_ machine: inout some MachineAccess) throws(CommandFailure) {
        do { try machine.lock() } catch {
            throw CommandFailure("locking", "the boot environment", cause: "\(error)", remedy: "Check /run.")
        }
    }

    /// Keeps what an earlier run saw, because that one has changed the counter since.
    private func saving(_ machine: some MachineAccess, _ environment: EnvironmentFacts) -> GrubSaving {
        let earlier = (try? machine.runtimeFile(HealthReport.file)).flatMap { HealthSummary(parsing: $0) }
        return earlier?.saving ?? GrubSaving(parameters, environment.primary)
    }

    private func results(_ machine: some MachineAccess) throws(CommandFailure) -> [HealthCheckResult] {
        let checks: [HealthCheck]
        do { checks = try machine.healthChecks() } catch {
            throw CommandFailure(
                "listing", "the health checks", cause: "\(error)",
                remedy: "Repair the directories; until then nobody knows whether this system is healthy.")
        }
        let environment = [
            "LIFEBOOT_ROLE=\(parameters.role?.rawValue ?? "")", "LIFEBOOT_IMAGE=\(parameters.image?.description ?? "")",
            "LIFEBOOT_REASON=\(parameters.reason?.rawValue ?? "")",
        ]
        return HealthCheck.ordered(checks).map { machine.run($0, environment: environment, timeout: timeout) }
    }

    /// Writes the boot environment, one sector, and only when that changes it.
    private func mark(
        _ role: Role, _ image: ImageID, _ facts: EnvironmentFacts, _ report: inout HealthReport,
        _ machine: inout some MachineAccess
    ) {
        do {
            let before = try facts.writable()
            guard let after = healthy(role, image, before, machine, &report) else { return }
            report.changes = before.changes(to: after)
            if case .readable(_, let problems) = facts, !problems.isEmpty {
                report.changes += problems.map(\.description)
            }
            guard !report.changes.isEmpty, !isDryRun else { return }
            try machine.write(after, rolesChanged: false)
        } catch {
            report.verdict = .unsaved
            report.changes = []
            report.notes.append("\(error)")
        }
    }

    /// The environment after this healthy boot; nil when no role has the running image any more.
    private func healthy(
        _ role: Role, _ image: ImageID, _ before: BootEnvironment, _ machine: some MachineAccess,
        _ report: inout HealthReport
    ) -> BootEnvironment? {
        if before.image(of: role) == image {
            // A second run must not take back what the user said after the first.
            let isFirst = (try? machine.runtimeFile(HealthReport.stamp)) == nil
            return before.afterHealthyBoot(of: role, reason: isFirst ? parameters.reason ?? .menu : .menu)
        }
        guard let other = Role.allCases.first(where: { before.image(of: $0) == image }) else {
            report.notes.append("no role has the running image \(image) any more; there is nothing to write")
            return nil
        }
        report.notes.append("the running image \(image) is \(other.rawValue) by now")
        return before.afterHealthyBoot(of: other, reason: .menu)
    }
}
