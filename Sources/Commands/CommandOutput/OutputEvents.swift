package import JSONText
import RegistryModel

/// Names the lines of `--json` output of commands that change something; docs/events.md has their members.
package enum EventName: String, CaseIterable, Sendable {
    /// What would be done, or is about to be done.
    case plan
    /// A step of a plan begins.
    case step
    /// How far a step is.
    case progress
    /// Something that is worth knowing.
    case note
    /// Something that went wrong and stopped nothing.
    case warning
    /// From now on the new state counts.
    case committed
    /// The last line of a command that did what it was asked for.
    case end
    /// The last line of a command that failed.
    case error
}

extension Output {
    /// Prints what a command would do or is about to do.
    ///
    /// - Parameters:
    ///   - members: what the event says besides the operation.
    ///   - lines: the same for people.
    package func plan(_ operation: String, _ members: JSONObject, lines: @autoclosure () -> [String]) {
        guard isJSON else { return print(lines()) }
        emit(.plan, JSONObject([JSONObject.Member("operation", .string(operation))] + members.members))
    }

    /// Tells something that is worth knowing.
    package func note(_ text: String) {
        if isJSON { emit(.note, ["text": .string(text)]) } else { remark("note: \(text)") }
    }

    /// Tells something that went wrong and stops nothing.
    package func warn(_ text: String) {
        if isJSON { emit(.warning, ["text": .string(text)]) } else { say("warning: \(text)") }
    }

    /// Tells that the commit is on the disk.
    package func committed() {
        if isJSON { emit(.committed) } else { remark("committed: the new state counts from now on") }
    }

    /// Prints what became of an operation, as the last line.
    ///
    /// - Parameter lines: the same for people, when that is not the result's message.
    package func end(_ result: OperationResult, lines: [String]? = nil) {
        if isJSON { emit(.end, result.members) } else { print(lines ?? [result.message]) }
    }

    /// Says why a command failed: a line on standard error, and with JSON the last event.
    package func fail(_ failure: ReportedFailure) {
        emit(.error, failure.members)
        say(failure.message)
    }
}

extension TransferProgress {
    /// The members of the event.
    var members: JSONObject {
        [
            "activity": .string(activity), "done": .integer(Int64(done)),
            "total": total.map { .integer(Int64($0)) } ?? .null,
        ]
    }
}

/// Says what became of an operation that was not ended by an error.
package struct OperationResult: Equatable, Sendable {
    /// The operation, as the command is called: `upgrade`.
    package var operation: String
    /// Whether anything was changed.
    package var isChanged: Bool
    /// What became of it, a sentence for people.
    package var message: String
    /// What is worth knowing besides, a sentence each.
    package var notes: [String]
    /// What went wrong and stopped nothing, a sentence each.
    package var warnings: [String]
    /// What this operation alone says, for programs.
    package var details: JSONObject

    /// States a result.
    package init(
        _ operation: String, changed: Bool, _ message: String, notes: [String] = [], warnings: [String] = [],
        details: JSONObject = [:]
    ) {
        self.operation = operation
        isChanged = changed
        self.message = message
        self.notes = notes
        self.warnings = warnings
        self.details = details
    }

    /// The members of the event `end`.
    var members: JSONObject {
        var members: JSONObject = [
            "operation": .string(operation), "changed": .bool(isChanged), "message": .string(message),
            "notes": .strings(notes), "warnings": .strings(warnings),
        ]
        for detail in details.members { members[detail.name] = detail.value }
        return members
    }
}

extension JSONValue {
    /// An array of strings.
    package static func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}
