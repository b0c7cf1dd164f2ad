import BootModel
import JSONText

extension GoodMarker {
    /// Adds the verdict to the boot history; a failure is noted, because nothing else depends on it.
    func record(_ report: inout HealthReport, _ machine: inout some MachineAccess) {
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
    func save(_ report: inout HealthReport, _ machine: inout some MachineAccess) {
        guard !isDryRun else { return }
        do {
            try machine.writeRuntimeFile(HealthReport.file, report.json.serialized(indented: true) + [0x0A])
            if report.verdict == .good { try machine.writeRuntimeFile(HealthReport.stamp, Array("1\n".utf8)) }
        } catch {
            report.notes.append("/run/lifeboot was not written: \(error)")
        }
    }
}
