/// What became of one step.
package struct StepReport: Equatable, Sendable {
    /// How it ended.
    package enum Outcome: String, Sendable {
        /// Done.
        case done
        /// Done, with something the operator should know.
        case noted
        /// Optional, failed; the boot went on.
        case failedOptional = "failed-optional"
        /// Required, failed; the boot ended here.
        case failed
    }

    /// The phase.
    package var phase: BootPhase
    /// The kind of step.
    package var kind: BootStepKind
    /// What it was done to.
    package var subject: String
    /// How it ended.
    package var outcome: Outcome
    /// How long it took, in microseconds.
    package var microseconds: Int64
    /// What was noted, or why it failed.
    package var message: String?

    /// Makes a step's report.
    package init(
        phase: BootPhase, kind: BootStepKind, subject: String, outcome: Outcome, microseconds: Int64, message: String?
    ) {
        self.phase = phase
        self.kind = kind
        self.subject = subject
        self.outcome = outcome
        self.microseconds = microseconds
        self.message = message
    }
}

/// The step that ended a boot, why, and what to do.
package struct BootFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The phase.
    package var phase: BootPhase
    /// The step, as in the report.
    package var step: String
    /// What it was done to.
    package var subject: String
    /// Why it failed; the error of the effect, whole.
    package var cause: String

    /// Makes a failure.
    package init(phase: BootPhase, step: String, subject: String, cause: String) {
        self.phase = phase
        self.step = step
        self.subject = subject
        self.cause = cause
    }

    /// One line.
    package var description: String { "\(step) \(subject): \(cause)" }
}

/// What one run of the initramfs stage did.
package struct BootReport: Equatable, Sendable {
    /// The parameters it started from.
    package var parameters: BootParameters
    /// Name and version of the image, once its manifest was read.
    package var imageName: String?
    /// The steps in order.
    package var steps: [StepReport] = []
    /// Why it ended early; nil when it did not.
    package var failure: BootFailure?
    /// Time since power-on at the start, in microseconds (`CLOCK_BOOTTIME`).
    package var started: Int64
    /// Time from start to end, in microseconds.
    package var duration: Int64 = 0

    /// Starts a report.
    package init(parameters: BootParameters, started: Int64) {
        self.parameters = parameters
        self.started = started
    }
}
