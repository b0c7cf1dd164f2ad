package import JSONText
package import OEMPlanning
package import Plans

/// What became of one action.
package struct StageActionReport: Equatable, Sendable {
    /// How it ended.
    package var report: StepReport
    /// Who asked for it.
    package var origin: StageOrigin
    /// Whether it changed something; nil when it cannot tell.
    package var isChanged: Bool?

    /// Whether it failed.
    package var hasFailed: Bool { report.outcome == .failed || report.outcome == .failedOptional }

    /// The report with `origin` and `changed`.
    package var json: JSONValue {
        var object = report.json
        object["origin"] = .string(origin.description)
        object["changed"] = isChanged.map { .bool($0) } ?? .null
        return .object(object)
    }
}

/// What became of one step.
package struct StageStepReport: Equatable, Sendable {
    /// How it ended.
    package enum Outcome: Equatable, Sendable {
        /// It ran; its actions say how.
        case ran
        /// Its condition did not hold.
        case skipped(String)
        /// It is for other machines.
        case elsewhere(String)
        /// It cannot run as it is written.
        case refused(String)
        /// It could not be found out whether it is to run.
        case failed(String)

        /// A stable word, and the reason.
        package var words: (word: String, reason: String?) {
            switch self {
            case .ran: ("ran", nil)
            case .skipped(let reason): ("skipped", reason)
            case .elsewhere(let reason): ("elsewhere", reason)
            case .refused(let reason): ("refused", reason)
            case .failed(let reason): ("failed", reason)
            }
        }
    }

    /// Where it stands.
    package var origin: StageOrigin
    /// Its name.
    package var name: String
    /// How it ended.
    package var outcome = Outcome.ran
    /// Its actions.
    package var actions: [StageActionReport] = []
    /// What its author should know.
    package var notes: [String] = []

    /// Whether something in it did not work.
    package var hasFailed: Bool {
        switch outcome {
        case .refused, .failed: true
        case .ran, .skipped, .elsewhere: actions.contains(where: \.hasFailed)
        }
    }

    /// What did not work, with its place, one line each.
    package var problems: [String] {
        let own = hasFailed ? outcome.words.reason.map { ["\(origin): \($0)"] } ?? [] : []
        return own
            + actions.filter(\.hasFailed).map {
                "\($0.origin): \($0.report.step) \($0.report.subject): \($0.report.message ?? "failed")"
            }
    }

    /// The step as lines for people.
    package var lines: [String] {
        let (word, reason) = outcome.words
        let head = "\(origin) \(name): \(word)" + (reason.map { ", \($0)" } ?? "")
        return [head]
            + actions.map { action in
                let state = action.hasFailed ? "failed" : action.isChanged == false ? "unchanged" : "done"
                let message = action.report.message.map { ": \($0)" } ?? ""
                return "    \(action.report.step) \(action.report.subject): \(state)\(message)"
            } + notes.map { "    note: \($0)" }
    }

    /// `origin`, `name`, `outcome`, `reason`, `actions`, `notes`.
    package var json: JSONValue {
        let (word, reason) = outcome.words
        return [
            "origin": .string(origin.description), "name": .string(name), "outcome": .string(word),
            "reason": reason.map { .string($0) } ?? .null, "actions": .array(actions.map(\.json)),
            "notes": .array(notes.map { .string($0) }),
        ]
    }
}

/// What became of a stage.
package struct StageReport: Equatable, Sendable {
    /// The stage.
    package var stage: String
    /// Its steps in order.
    package var steps: [StageStepReport] = []
    /// Files and entries that were refused before anything ran, one line each.
    package var refusals: [String] = []
    /// How long it took to read the files and to plan the stage, in microseconds.
    package var planning: Int64 = 0
    /// How long all took, without the start of the program, in microseconds.
    package var duration: Int64 = 0

    /// Makes a report without steps.
    package init(stage: String) { self.stage = stage }

    /// Whether something did not work.
    package var hasFailed: Bool { !refusals.isEmpty || steps.contains(where: \.hasFailed) }

    /// Everything that did not work, with its place, one line each.
    package var problems: [String] { refusals + steps.flatMap(\.problems) }

    /// `format`, `stage`, `failed`, `problems`, `planningMicroseconds`, `durationMicroseconds`, `steps`.
    package var json: JSONValue {
        [
            "format": 1, "stage": .string(stage), "failed": .bool(hasFailed),
            "problems": .array(problems.map { .string($0) }), "planningMicroseconds": .integer(planning),
            "durationMicroseconds": .integer(duration), "steps": .array(steps.map(\.json)),
        ]
    }
}
