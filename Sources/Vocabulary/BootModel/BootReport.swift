import GrubEnvironment
import ImageModel
package import JSONText
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

    /// How long it took to look at the machine and to decide what a phase does, before its first step.
    package struct Planning: Equatable, Sendable {
        /// The phase.
        package var phase: BootPhase
        /// When that began, in microseconds since the kernel's start.
        package var started: Int64
        /// How long, in microseconds.
        package var microseconds: Int64

        /// Joins them.
        package init(phase: BootPhase, started: Int64, microseconds: Int64) {
            self.phase = phase
            self.started = started
            self.microseconds = microseconds
        }
    }

    /// The parameters it started from.
    package var parameters: BootParameters
    /// Name and version of the image, once its manifest was read.
    package var imageName: String?
    /// What was passed over and is no step, one line each.
    package var notes: [String] = []
    /// The phases that were planned, in order.
    package var planning: [Planning] = []
    /// The steps in order.
    package var steps: [Entry] = []
    /// Why it ended early; nil when it did not.
    package var failure: BootFailure?
    /// When `/init` began, in microseconds since the kernel's start; nil where another one was the first process.
    package var initStarted: Int64?
    /// When the first phase began, in microseconds since the kernel's start (`CLOCK_MONOTONIC`).
    package var started: Int64
    /// Time from start to end, in microseconds.
    package var duration: Int64 = 0

    /// Starts a report.
    package init(parameters: BootParameters, started: Int64) {
        self.parameters = parameters
        self.started = started
    }
}

extension BootReport {
    /// The version of the report's form; a reader refuses another one.
    package static let format: Int64 = 1

    /// The report as `/run/lifeboot/boot.json` carries it (docs/operating.md).
    package var json: JSONValue {
        .object([
            "format": .integer(Self.format),
            "role": text(parameters.roleName),
            "image": text(parameters.image?.description),
            "imageName": text(imageName),
            "reason": text(parameters.reason?.rawValue),
            "triesLeft": parameters.triesLeft.map { .integer(Int64($0)) } ?? .null,
            "problems": .array(parameters.problems.map { .string($0) }),
            "notes": .array(notes.map { .string($0) }),
            "failure": failure?.json ?? .null,
            "initMicroseconds": initStarted.map { .integer($0) } ?? .null,
            "startedMicroseconds": .integer(started),
            "durationMicroseconds": .integer(duration),
            "planning": .array(planning.map(\.json)),
            "steps": .array(steps.map(\.json)),
        ])
    }
}

extension BootFailure {
    /// The failure as a member of the report.
    package var json: JSONValue {
        ["phase": .string(phase.rawValue), "step": .string(step), "subject": .string(subject), "cause": .string(cause)]
    }
}

extension BootReport.Planning {
    /// The phase as an element of the report.
    package var json: JSONValue {
        [
            "phase": .string(phase.rawValue), "startedMicroseconds": .integer(started),
            "microseconds": .integer(microseconds),
        ]
    }
}

extension BootReport.Entry {
    /// The step as an element of the report.
    package var json: JSONValue {
        let phase = JSONObject.Member("phase", .string(phase.rawValue))
        let started = JSONObject.Member("startedMicroseconds", .integer(step.started))
        return .object(JSONObject([phase] + step.json.members + [started]))
    }
}

private func text(_ string: String?) -> JSONValue {
    string.map { .string($0) } ?? .null
}
