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
