package import BootModel

/// Says where in an operation a step stands, and so what its failure means.
package enum TransactionMoment: String, CaseIterable, Sendable {
    /// Before the commit: a failure ends the operation, and the old state is whole.
    case prepare
    /// The one write that makes the operation true.
    case commit
    /// After the commit: a failure is a warning.
    case finish
}

/// One step of an operation: what to do, when, and what its failure means.
package struct TransactionStep<Action: PlannedAction>: Equatable, Sendable {
    /// What to do, as data.
    package var action: Action
    /// Where it stands.
    package var moment: TransactionMoment
    /// Whether a failure before the commit ends the operation; after it never does.
    package var requirement: StepRequirement

    /// Makes a step.
    package init(_ moment: TransactionMoment, _ action: Action, _ requirement: StepRequirement = .required) {
        self.action = action
        self.moment = moment
        self.requirement = requirement
    }
}
