/// Says whether a plan may go on without a step.
package enum Requirement: Equatable, Sendable {
    /// A failure counts.
    case required
    /// A failure is reported and the rest goes on, for the reason given.
    case optional(String)

    /// Why it goes on without the step; nil when it does not.
    package var reason: String? { if case .optional(let reason) = self { reason } else { nil } }
}

/// Says where a step stands in a plan that has a commit, and so what its failure means.
package enum Moment: String, CaseIterable, Sendable {
    /// Before the commit: a failure ends the operation, and the old state is whole.
    case prepare
    /// The one write that makes the operation true.
    case commit
    /// After the commit: a failure is a warning.
    case finish
}

/// One step of a plan: what to do, when, and what its failure means.
package struct Step<Action: PlannedAction>: Equatable, Sendable {
    /// What to do, as data.
    package var action: Action
    /// Where it stands; nil in a plan without a commit.
    package var moment: Moment?
    /// What its failure means.
    package var requirement: Requirement

    /// Makes a step of a plan without a commit.
    package init(_ action: Action, _ requirement: Requirement = .required) {
        self.action = action
        self.requirement = requirement
    }

    /// Makes a step of a plan with a commit.
    package init(_ moment: Moment, _ action: Action, _ requirement: Requirement = .required) {
        self.action = action
        self.moment = moment
        self.requirement = requirement
    }
}

/// The steps of one operation, or of one phase of it, in the order in which they run.
package struct Plan<Action: PlannedAction>: Equatable, Sendable {
    /// The operation, as the command is called: `upgrade`.
    package var operation: String
    /// What it makes of what, for people: `active: demo 1.0 -> demo 2.0`.
    package var subject: String
    /// The steps in order.
    package var steps: [Step<Action>]
    /// What the operator should know beforehand, a sentence each.
    package var notes: [String]

    /// Makes a plan.
    package init(_ operation: String, _ subject: String, _ steps: [Step<Action>], notes: [String] = []) {
        self.operation = operation
        self.subject = subject
        self.steps = steps
        self.notes = notes
    }
}
