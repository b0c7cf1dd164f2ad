package import DocumentTree
package import JSONText

extension OEMFile {
    /// Every key of a file, for its schema and its page: those of both dialects, and a stage's steps.
    package static let entries: [DocumentEntry] =
        [
            DocumentEntry(
                name: "name", shape: .text("a text"),
                explanation: "What the file calls itself, for people and for `after`."),
            DocumentEntry(
                name: "stages",
                shape: .mapping(
                    DocumentNames("stage", "a stage's name", without: "\n"), .list(.table(StageStep.table.entries))),
                explanation: "Steps by stage, in the order in which they run."),
        ] + CloudConfig.table.entries

    /// A JSON Schema for editors.
    ///
    /// Keys of other programs at the top are let through, as they only earn a warning.
    package static var schema: JSONValue {
        var schema = entries.schema(title: "A file of configuration for lifeboot, yip or cloud-init").object ?? [:]
        schema["additionalProperties"] = true
        return .object(schema)
    }
}
