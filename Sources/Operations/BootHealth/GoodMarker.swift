package import BootModel
package import Faults
import GrubEnvironment
import ImageModel
package import InstalledSystem
import JSONText

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
    /// - Throws: `Refusal` when the command line does not say what runs, or the checks cannot be listed.
    package func run(
        _ machine: inout some MachineAccess & HealthAccess & ~Copyable
    ) throws(Refusal) -> HealthReport {
        guard let role = parameters.role, let image = parameters.image else { throw .notOurs("mark-good") }
        let saving = saving(machine, EnvironmentFacts(machine))
        let rebootHelps = BootJudge.rebootObstacle(parameters, saving) == nil
        var report = HealthReport(.checking, rebootHelps: rebootHelps, saving: saving)
        save(&report, &machine)
        report.results = try results(machine)
        report.verdict = HealthVerdict(report.results)
        if report.verdict == .good { mark(role, image, &report, &machine) }
        record(&report, &machine)
        save(&report, &machine)
        return report
    }

    /// Keeps what an earlier run saw, because that one has changed the counter since.
    private func saving(
        _ machine: borrowing some MachineAccess & ~Copyable, _ environment: EnvironmentFacts
    ) -> GrubSaving {
        let earlier = (try? machine.runtimeFile(HealthReport.file)).flatMap { HealthSummary(parsing: $0) }
        return earlier?.saving ?? GrubSaving(parameters, environment.primary)
    }

    private func results(_ machine: borrowing some HealthAccess & ~Copyable) throws(Refusal) -> [HealthCheckResult] {
        let checks: [HealthCheck]
        do { checks = try machine.healthChecks() } catch {
            throw Refusal(
                .impossible, "listing", "the health checks", because: error,
                remedy: "Repair the directories; until then nobody knows whether this system is healthy.")
        }
        let environment = [
            "LIFEBOOT_ROLE=\(parameters.role?.rawValue ?? "")", "LIFEBOOT_IMAGE=\(parameters.image?.description ?? "")",
            "LIFEBOOT_REASON=\(parameters.reason?.rawValue ?? "")",
        ]
        return HealthCheck.ordered(checks).map { machine.run($0, environment: environment, timeout: timeout) }
    }

    /// Writes the boot environment, one sector, and only when that changes it.
    ///
    /// It is read again for that: the checks took time, and others may have written meanwhile.
    private func mark(
        _ role: Role, _ image: ImageID, _ report: inout HealthReport,
        _ machine: inout some EnvironmentAccess & RecordAccess & ~Copyable
    ) {
        // A second run must not take back what the user said after the first.
        let isFirst = (try? machine.runtimeFile(HealthReport.stamp)) == nil
        do {
            if isDryRun {
                _ = try healthy(role, image, isFirst, EnvironmentFacts(machine), &report)
            } else {
                report.notes += try machine.commit(isVerdict: true) {
                    try healthy(role, image, isFirst, EnvironmentFacts($0), &report)
                }
            }
        } catch {
            report.verdict = .unsaved
            report.changes = []
            report.notes.append("\(error)")
        }
    }

    /// The environment after this healthy boot; nil when no role has the running image any more.
    private func healthy(
        _ role: Role, _ image: ImageID, _ isFirst: Bool, _ facts: EnvironmentFacts, _ report: inout HealthReport
    ) throws -> BootEnvironment? {
        let before = try facts.writable()
        guard
            let present = before.image(of: role) == image
                ? role : Role.allCases.first(where: { before.image(of: $0) == image })
        else {
            report.notes.append("no role has the running image \(image) any more; there is nothing to write")
            return nil
        }
        if present != role { report.notes.append("the running image \(image) is \(present.rawValue) by now") }
        let reason = present == role && isFirst ? parameters.reason ?? .menu : .menu
        let after = before.afterHealthyBoot(of: present, reason: reason)
        report.changes = before.changes(to: after)
        if case .readable(_, let problems) = facts { report.changes += problems.map(\.description) }
        return after
    }
}

extension GoodMarker {
    /// Adds the verdict to the boot history; a failure is noted, because nothing else depends on it.
    func record(_ report: inout HealthReport, _ machine: inout some MachineAccess & ~Copyable) {
        let outcome: BootRecord.Outcome
        switch report.verdict {
        case .good, .unsaved: outcome = .healthy
        case .unhealthy: outcome = .unhealthy
        case .checking, .unchecked: return
        }
        guard !isDryRun else { return }
        do {
            var record = BootRecord(parameters, bootID: try machine.bootID(), time: machine.now(), outcome: outcome)
            let earlier = BootRecord.merged(machine).boots.first { $0.bootID == record.bootID }
            if let failure = report.results.first(where: { $0.check.kind == .required && $0.isFailure }) {
                record.step = "health check \(failure.check.name)"
                record.cause = failure.cause
            } else if let earlier, earlier.outcome == .booted || earlier.outcome == outcome {
                // Why the first choice did not boot; not what an earlier run of the checks found.
                (record.step, record.cause) = (earlier.step, earlier.cause)
            }
            if let earlier, Self.saysTheSame(earlier, record) { return }
            try machine.append(record)
        } catch {
            report.notes.append("the boot history was not written: \(error)")
        }
    }

    private static func saysTheSame(_ one: BootRecord, _ other: BootRecord) -> Bool {
        (one.outcome, one.step, one.cause) == (other.outcome, other.step, other.cause)
    }

    /// Writes `health.json`, and the stamp of a healthy system; a failure is noted.
    func save(_ report: inout HealthReport, _ machine: inout some MachineAccess & ~Copyable) {
        guard !isDryRun else { return }
        do {
            try machine.writeRuntimeFile(HealthReport.file, report.json.serialized(indented: true) + [0x0A])
            if report.verdict == .good { try machine.writeRuntimeFile(HealthReport.stamp, Array("1\n".utf8)) }
        } catch {
            report.notes.append("/run/lifeboot was not written: \(error)")
        }
    }
}
