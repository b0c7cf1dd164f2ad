package import JSONText
import OEMModel
import Plans

extension StagePlan {
    /// The plan for people: a head, each step with its condition, and its actions.
    package func lines(refusals: [String]) -> [String] {
        let head =
            isEmpty
            ? "stage \(stage): no file has a step for it"
            : "stage \(stage): \(steps.count == 1 ? "1 step" : "\(steps.count) steps")"
        return [head] + steps.flatMap(\.lines) + refusals.map { "refused: \($0)" }
    }

    /// `format`, `stage`, `steps`, `refusals`.
    package func json(refusals: [String]) -> JSONValue {
        [
            "format": 1, "stage": .string(stage), "steps": .array(steps.map(\.json)),
            "refusals": .array(refusals.map { .string($0) }),
        ]
    }
}

extension PlannedStep {
    fileprivate var lines: [String] {
        var lines = ["\(origin) \(name)"]
        switch fate {
        case .run: break
        case .elsewhere(let reason): return lines + ["    not here: \(reason)"]
        case .refused(let reason): return lines + ["    refused: \(reason)"]
        }
        lines += condition.lines
        for step in plan.steps {
            let reason = step.action.json["reason"]?.text.map { ": \($0)" } ?? ""
            lines.append("    \(step.action.name) \(step.action.subject)\(reason)")
        }
        return lines + plan.notes.map { "    note: \($0)" }
    }

    fileprivate var json: JSONValue {
        let (word, reason): (String, String?) =
            switch fate {
            case .run: ("run", nil)
            case .elsewhere(let reason): ("elsewhere", reason)
            case .refused(let reason): ("refused", reason)
            }
        return [
            "origin": .string(origin.description), "name": .string(name), "fate": .string(word),
            "reason": reason.map { .string($0) } ?? .null,
            "conditions": .array(condition.lines.map { .string(String($0.dropFirst(4))) }),
            "actions": .array(
                plan.steps.map { step in
                    ["action": .string(step.action.name), "detail": step.action.json]
                }), "notes": .array(plan.notes.map { .string($0) }),
        ]
    }
}

extension StepCondition {
    fileprivate var lines: [String] {
        var lines: [String] = []
        for (word, paths) in [("all", files?.all), ("any", files?.any), ("none", files?.none)] {
            if let paths, !paths.isEmpty { lines.append("    if \(word) of: \(paths.joined(separator: " "))") }
        }
        if let shell { lines.append("    if: \(shell.split(separator: "\n").joined(separator: " / "))") }
        if let onceAs { lines.append("    once, remembered as \(onceAs)") }
        return lines
    }
}
