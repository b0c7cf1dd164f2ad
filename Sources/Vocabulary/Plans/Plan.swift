package import JSONText

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

/// One line of a plan for people: blanks or the step's number, and a text that a terminal may break.
package typealias PlanLine = (lead: String, text: String)

extension Step {
    /// The step for people: number, action and subject; below them what it is for, and why it may fail.
    package func lines(_ number: Int) -> [PlanLine] {
        let mark =
            switch moment {
            case nil, .prepare: ""
            case .commit: " [commit]"
            case .finish: " [after the commit]"
            }
        let lead = String(repeating: " ", count: max(0, 3 - String(number).count)) + "\(number). "
        let below = [action.explanation] + (requirement.reason.map { ["Optional: \($0)."] } ?? [])
        return [(lead, "\(action.name) \(action.subject)\(mark)")] + below.map { ("       ", $0) }
    }

    /// The step for programs: `action`, `subject`, `moment`, `required`, `optionalBecause`, `explanation`, `detail`.
    package var json: JSONValue {
        [
            "action": .string(action.name), "subject": .string(action.subject),
            "moment": moment.map { .string($0.rawValue) } ?? .null, "required": .bool(requirement == .required),
            "optionalBecause": requirement.reason.map { .string($0) } ?? .null,
            "explanation": .string(action.explanation), "detail": action.json,
        ]
    }
}

extension Plan {
    /// The plan for people and for golden tests: a head, the steps, and the notes.
    package var lines: [String] {
        ["\(operation) \(subject)"] + stepLines().map { $0.lead + $0.text } + notes.map { "note: \($0)" }
    }

    /// The steps for people, numbered on from those of earlier plans.
    package func stepLines(after earlier: Int = 0) -> [PlanLine] {
        steps.enumerated().flatMap { index, step in step.lines(earlier + index + 1) }
    }

    /// The plan for programs: `operation`, `subject`, `steps` and `notes`.
    package var json: JSONValue {
        [
            "operation": .string(operation), "subject": .string(subject), "steps": .array(steps.map(\.json)),
            "notes": .array(notes.map { .string($0) }),
        ]
    }
}
