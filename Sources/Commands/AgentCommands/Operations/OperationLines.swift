import JSONText

/// The lines of JSON that a reset and an installation print besides those of their steps (docs/upgrading.md).
enum OperationLines {
    /// What would be done, for `--dry-run`.
    static func plan(_ plans: [JSONValue]) -> JSONValue { ["event": "plan", "plans": .array(plans)] }

    /// The last line: what became of an operation.
    static func end(
        _ operation: String, _ sentence: String, changed: Bool, warnings: [String] = []
    ) -> JSONObject {
        [
            "event": "end", "changed": .bool(changed), "operation": .string(operation), "message": .string(sentence),
            "warnings": .array(warnings.map { .string($0) }),
        ]
    }
}
