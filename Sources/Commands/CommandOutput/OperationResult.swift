package import JSONText

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
