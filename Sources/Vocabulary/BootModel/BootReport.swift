package import Plans

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
    /// One step of it.
    package struct Entry: Equatable, Sendable {
        /// The phase.
        package var phase: BootPhase
        /// What became of the step.
        package var step: StepReport

        /// Joins them.
        package init(phase: BootPhase, step: StepReport) {
            self.phase = phase
            self.step = step
        }
    }

    /// The parameters it started from.
    package var parameters: BootParameters
    /// Name and version of the image, once its manifest was read.
    package var imageName: String?
    /// The steps in order.
    package var steps: [Entry] = []
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
