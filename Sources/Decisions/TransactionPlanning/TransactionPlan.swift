import BootModel
package import JSONText

/// The steps of one operation with at most one commit, in order.
package struct TransactionPlan<Action: PlannedAction>: Equatable, Sendable {
    /// The operation, as the command is called: `upgrade`.
    package var operation: String
    /// What it makes of what, for people: `active: demo 1.0 -> demo 2.0`.
    package var subject: String
    /// The steps in the order in which they run.
    package var steps: [TransactionStep<Action>]
    /// What the operator should know beforehand, a sentence each.
    package var notes: [String]

    /// Makes a plan.
    package init(_ operation: String, _ subject: String, _ steps: [TransactionStep<Action>], notes: [String] = []) {
        self.operation = operation
        self.subject = subject
        self.steps = steps
        self.notes = notes
    }
}

extension TransactionPlan {
    /// The plan for people and for golden tests: a head, two lines a step, and the notes.
    package var lines: [String] {
        ["\(operation) \(subject)"]
            + steps.enumerated().flatMap { index, step in
                ["\(Self.number(index + 1)) \(step.line)", "       \(step.action.explanation)"]
            }
            + notes.map { "note: \($0)" }
    }

    /// The plan for programs: `operation`, `subject`, `steps` and `notes`.
    package var json: JSONValue {
        [
            "operation": .string(operation), "subject": .string(subject), "steps": .array(steps.map(\.json)),
            "notes": .array(notes.map { .string($0) }),
        ]
    }

    private static func number(_ number: Int) -> String { (number < 10 ? "  " : " ") + "\(number)." }
}

extension TransactionStep {
    /// The moment when it is not before the commit, the action, its subject, and why it may fail.
    fileprivate var line: String {
        let mark =
            switch moment {
            case .prepare: ""
            case .commit: " [commit]"
            case .finish: " [after the commit]"
            }
        let reason =
            switch requirement {
            case .required: ""
            case .optional(let reason): " [optional: \(reason)]"
            }
        return "\(action.name) \(action.subject)\(mark)\(reason)"
    }

    /// The step as JSON: `action`, `subject`, `moment`, `required`, `detail`.
    package var json: JSONValue {
        [
            "action": .string(action.name), "subject": .string(action.subject), "moment": .string(moment.rawValue),
            "required": .bool(requirement == .required), "detail": action.json,
        ]
    }
}
