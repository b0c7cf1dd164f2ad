package import JSONText

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
