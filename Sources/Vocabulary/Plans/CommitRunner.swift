package import Faults

/// Everything that an operation with a commit does to the machine; a recording one stands in for it in tests.
package protocol CommitEffects: ~Copyable {
    /// What the steps do.
    associatedtype Action: PlannedAction
    /// Who follows the run.
    associatedtype Progress: CommitProgress

    /// Carries out one action.
    ///
    /// A long action asks `progress.check()` often, which throws when the operation is cancelled. An action can be
    /// carried out again after a cut or a failure, and then comes to the same end.
    ///
    /// - Returns: what is worth knowing besides, a sentence each.
    /// - Throws: the error of the layer that failed, with cause and remedy.
    mutating func perform(_ action: Action, progress: Progress) throws -> [String]

    /// Gives back what the operation holds (mounts, loop devices), whether it succeeded or not; what was staged stays.
    ///
    /// - Returns: what could not be given back, a sentence each.
    mutating func release() -> [String]
}

/// Follows the run of a plan with a commit, and says whether to stop.
package protocol CommitProgress {
    /// Hears that a step begins: its number from 1, and how many there are.
    func begin(_ number: Int, of count: Int, _ action: some PlannedAction)
    /// Hears something that is worth knowing.
    func note(_ sentence: String)
    /// Hears what went wrong and did not stop the operation.
    func warn(_ sentence: String)
    /// Hears that the commit is on the disk.
    func committed()
    /// Stops the operation when somebody asked for it.
    ///
    /// - Throws: `CancellationRequest`.
    func check() throws
    /// The same without stopping.
    var withoutCancellation: Self { get }
}

/// Ends what runs because somebody asked for it, or because its time is over.
package struct CancellationRequest: ClassifiedError, Equatable, Sendable, CustomStringConvertible {
    /// Whether the time is over that the operation was given.
    package var isOverdue: Bool

    /// Makes a request.
    package init(isOverdue: Bool = false) { self.isOverdue = isOverdue }

    /// A sentence without its end.
    package var description: String {
        isOverdue ? "the time that the operation was given is over (--deadline)" : "cancelled"
    }

    /// Cancelled, or overdue.
    package var refusal: RefusalKind? { isOverdue ? .overdue : .cancelled }

    /// Nothing failed.
    package var underlying: (any Error)? { nil }
}

/// What became of an operation that was not ended by an error.
package struct CommitOutcome: Equatable, Sendable {
    /// What is worth knowing, a sentence each.
    package var notes: [String] = []
    /// What failed after the commit, or was optional, a sentence each.
    package var warnings: [String] = []

    /// Nothing to tell yet.
    package init() {}
}

/// Runs the steps of a plan with a commit.
///
/// Before the commit a failure or a cancellation ends the operation: what it holds is given back, what it staged stays
/// for the next try, and the old state is whole. The commit and what follows are not cancelled, and what fails after
/// the commit is a warning.
package enum CommitRunner {
    /// Runs a plan.
    ///
    /// - Parameters:
    ///   - given: what an earlier plan with the same effects has given.
    ///   - progress: asked before each step up to the commit, and within long steps.
    /// - Throws: `StepFailure` for a required step that failed before the commit, the commit itself, or a cancellation;
    ///   and for a plan that no order of steps can fulfil, before its first step.
    package static func run<Effects: CommitEffects & ~Copyable>(
        _ plan: Plan<Effects.Action>, _ effects: inout Effects, given: [Effects.Action.Product] = [],
        progress: Effects.Progress
    ) throws(StepFailure) -> CommitOutcome {
        var run = Run(plan: plan, progress: progress, given: given)
        do throws(StepFailure) {
            try run.steps(&effects)
        } catch {
            run.warn(effects.release())
            throw error
        }
        run.warn(effects.release())
        return run.outcome
    }

    private struct Run<Action: PlannedAction, Progress: CommitProgress> {
        let plan: Plan<Action>
        let progress: Progress
        var given: [Action.Product]
        var outcome = CommitOutcome()

        mutating func steps<Effects: CommitEffects & ~Copyable>(
            _ effects: inout Effects
        ) throws(StepFailure) where Effects.Action == Action, Effects.Progress == Progress {
            try plan.check(given)
            for (index, step) in plan.steps.enumerated() {
                progress.begin(index + 1, of: plan.steps.count, step.action)
                try perform(step, &effects)
                if step.moment == .commit { progress.committed() }
            }
        }

        private mutating func perform<Effects: CommitEffects & ~Copyable>(
            _ step: Step<Action>, _ effects: inout Effects
        ) throws(StepFailure) where Effects.Action == Action, Effects.Progress == Progress {
            let progress = step.moment == .finish ? progress.withoutCancellation : progress
            do {
                try progress.check()
                try plan.checkNeeds(of: step, given)
                for note in try effects.perform(step.action, progress: progress) {
                    outcome.notes.append(note)
                    progress.note(note)
                }
                given += step.action.gives
            } catch {
                try judge(step, error)
            }
        }

        /// Makes of an error what the moment and the requirement say.
        private mutating func judge(_ step: Step<Action>, _ error: any Error) throws(StepFailure) {
            let mayFail = step.requirement != .required && !(error is CancellationRequest)
            guard step.moment == .finish || mayFail else {
                throw StepFailure(step: step.action.name, subject: step.action.subject, error: error)
            }
            warn(["\(step.action.name) \(step.action.subject): \(error)"])
        }

        mutating func warn(_ warnings: [String]) {
            outcome.warnings += warnings
            for warning in warnings { progress.warn(warning) }
        }
    }
}
