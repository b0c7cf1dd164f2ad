package import JSONText

/// Everything that the steps of a plan do to the machine; a recording one stands in for it in tests.
package protocol PlanEffects: ~Copyable {
    /// What the steps do.
    associatedtype Action: PlannedAction
    /// What undoes a step, as data; `Never` where nothing is undone.
    associatedtype Undo: Sendable = Never

    /// Carries out one action.
    ///
    /// - Throws: the error of the layer that failed, with cause and remedy.
    mutating func perform(_ action: Action) throws -> StepResult<Undo>
    /// Microseconds on a clock that never goes back.
    func now() -> Int64
}

/// What a step that succeeded leaves behind.
package struct StepResult<Undo: Sendable>: Sendable {
    /// Something the operator should know; nil when all is as it should be.
    package var note: String?
    /// What undoes the step, in the order it is to be undone.
    package var undo: [Undo]

    /// Makes a result.
    package init(note: String? = nil, undo: [Undo] = []) {
        self.note = note
        self.undo = undo
    }
}

/// What became of one step.
package struct StepReport: Equatable, Sendable {
    /// How it ended.
    package enum Outcome: String, Sendable {
        /// Done.
        case done
        /// Done, with something the operator should know.
        case noted
        /// Optional, failed; the rest went on.
        case failedOptional = "failed-optional"
        /// Required, failed.
        case failed
    }

    /// The name of its action.
    package var step: String
    /// What it was done to.
    package var subject: String
    /// How it ended.
    package var outcome: Outcome
    /// When it began, in microseconds of the effects' clock.
    package var started: Int64
    /// How long it took, in microseconds.
    package var microseconds: Int64
    /// What was noted, or why it failed.
    package var message: String?

    /// Makes a step's report.
    package init(
        step: String, subject: String, outcome: Outcome, started: Int64 = 0, microseconds: Int64 = 0,
        message: String? = nil
    ) {
        self.step = step
        self.subject = subject
        self.outcome = outcome
        self.started = started
        self.microseconds = microseconds
        self.message = message
    }

    /// The report for programs: `step`, `subject`, `outcome`, `microseconds`, `message`.
    package var json: JSONObject {
        [
            "step": .string(step), "subject": .string(subject), "outcome": .string(outcome.rawValue),
            "microseconds": .integer(microseconds), "message": message.map { .string($0) } ?? .null,
        ]
    }
}

/// The step that ended a run, and why.
package struct StepFailure: Error, Sendable {
    /// The name of its action; `plan` when the plan itself was refused.
    package var step: String
    /// What it was done to.
    package var subject: String
    /// Why it failed, as the layer says that failed.
    package var error: any Error
}

/// What an attempt at one step came to.
struct StepAttempt<Undo: Sendable> {
    var report: StepReport
    var undo: [Undo] = []
    var error: (any Error)?
}

extension PlanEffects where Self: ~Copyable {
    /// Carries out one step, times it, and notes what it gives.
    mutating func attempt(
        _ step: Step<Action>, of plan: Plan<Action>, given: inout [Action.Product]
    ) -> StepAttempt<Undo> {
        let start = now()
        let report = StepReport(step: step.action.name, subject: step.action.subject, outcome: .done, started: start)
        var attempt = StepAttempt<Undo>(report: report)
        do {
            try plan.checkNeeds(of: step, given)
            let result = try perform(step.action)
            given += step.action.gives
            attempt.undo = result.undo
            attempt.report.message = result.note
            if result.note != nil { attempt.report.outcome = .noted }
        } catch {
            let reason = step.requirement.reason
            attempt.report.outcome = reason == nil ? .failed : .failedOptional
            attempt.report.message = "\(error)" + (reason.map { " (going on: \($0))" } ?? "")
            attempt.error = error
        }
        attempt.report.microseconds = now() - start
        return attempt
    }
}
