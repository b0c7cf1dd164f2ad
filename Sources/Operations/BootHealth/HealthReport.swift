package import JSONText

/// What `mark-good` found and did; kept in `/run/lifeboot/health.json` until the next boot.
package struct HealthReport: Equatable, Sendable {
    /// The file's name below `/run/lifeboot`.
    package static let file = "health.json"
    /// The file that exists only in a healthy system, for scripts and units.
    package static let stamp = "healthy"
    /// The version of the file's form.
    package static let format: Int64 = 1

    /// What is known.
    package var verdict: HealthVerdict
    /// Whether another role may run after a reboot: the boot is counted and recovery does not run.
    package var rebootHelps: Bool
    /// Whether GRUB could write the boot environment when it started this system.
    package var saving: GrubSaving
    /// The checks in the order they ran.
    package var results: [HealthCheckResult] = []
    /// What changed in the boot environment, `name: old -> new` each.
    package var changes: [String] = []
    /// What the operator should know besides.
    package var notes: [String] = []

    /// Starts a report.
    package init(_ verdict: HealthVerdict, rebootHelps: Bool, saving: GrubSaving) {
        self.verdict = verdict
        self.rebootHelps = rebootHelps
        self.saving = saving
    }

    /// The report as `health.json` carries it.
    package var json: JSONValue { .object(members) }

    /// The members of the report.
    package var members: JSONObject {
        [
            "format": .integer(Self.format),
            "verdict": .string(verdict.rawValue),
            "rebootHelps": .bool(rebootHelps),
            "grubSaving": saving.json,
            "checks": .array(results.map(\.json)),
            "changes": .array(changes.map { .string($0) }),
            "notes": .array(notes.map { .string($0) }),
        ]
    }

    /// What the report says for people, one line a check, then the verdict.
    package var lines: [String] {
        let checks = results.flatMap { result in
            ["\(result.check.kind.rawValue) \(result.check.name): \(result.summary)"]
                + result.said.split(whereSeparator: \.isNewline).map { "    \($0)" }
        }
        return checks + notes.map { "note: \($0)" } + changes.map { "boot.env: \($0)" } + [sentence]
    }

    /// The verdict, for people.
    package var sentence: String {
        switch verdict {
        case .good: "This system is healthy."
        case .checking: "This system is being checked."
        case .unhealthy where rebootHelps: "This system is UNHEALTHY; the attempt counts."
        case .unhealthy: "This system is UNHEALTHY; a reboot would not help."
        case .unchecked: "Whether this system is healthy could NOT be checked."
        case .unsaved: "This system is healthy, but that could NOT be written down."
        }
    }
}

/// The part of `health.json` that others read.
package struct HealthSummary: Equatable, Sendable {
    /// What is known.
    package var verdict: HealthVerdict
    /// Whether another role may run after a reboot.
    package var rebootHelps: Bool
    /// Whether GRUB could write, as it was seen before anything was changed.
    package var saving: GrubSaving?
    /// The checks that did not pass, `required 10-net: failed: exit status 1` each.
    package var failures: [String]

    /// Reads `health.json`; nil when it is of another version or no such file.
    package init?(parsing bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), json["format"]?.integer == HealthReport.format,
            let verdict = json["verdict"]?.text.flatMap(HealthVerdict.init(rawValue:))
        else { return nil }
        self.verdict = verdict
        rebootHelps = json["rebootHelps"]?.bool ?? false
        saving = json["grubSaving"].flatMap { GrubSaving(json: $0) }
        failures = (json["checks"]?.elements ?? []).filter { $0["outcome"]?.text != "passed" }.map { check in
            [check["kind"], check["check"], check["summary"]].compactMap { $0?.text }.joined(separator: " ")
        }
    }
}

/// What is known about the health of the running system.
package enum HealthVerdict: String, CaseIterable, Sendable {
    /// Checks are running, or the program that ran them died.
    case checking
    /// Healthy, and written down.
    case good
    /// A required check failed.
    case unhealthy
    /// A required check could not be run: neither healthy nor unhealthy.
    case unchecked
    /// Healthy, but the boot environment could not be written.
    case unsaved

    /// Judges the results: a failure counts more than a check that could not be run, and wanted checks count nothing.
    package init(_ results: [HealthCheckResult]) {
        let required = results.filter { $0.check.kind == .required }
        if required.contains(where: \.isFailure) {
            self = .unhealthy
        } else {
            self = required.allSatisfy { $0.outcome == .passed } ? .good : .unchecked
        }
    }
}

extension HealthCheckResult {
    /// Whether the check gave its answer, and it is no; running out of time is an answer.
    package var isFailure: Bool {
        switch outcome {
        case .failed, .timedOut: true
        case .passed, .notRun: false
        }
    }
}
