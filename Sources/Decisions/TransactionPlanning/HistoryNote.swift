package import BootModel
package import ImageModel
package import JSONText

/// What an operation writes into the history once it counts; the image is the one that it put in place.
package struct HistoryNote: Equatable, Sendable, CustomStringConvertible {
    /// The operation.
    package var kind: OperationRecord.Kind
    /// The role that gets another image.
    package var role: Role
    /// The image that it has until then; nil when it has none.
    package var former: ImageID?
    /// Name and version of the image that it gets; nil when nobody knows.
    package var title: String?

    /// Describes a note.
    package init(_ kind: OperationRecord.Kind, _ role: Role, former: ImageID?, title: String?) {
        self.kind = kind
        self.role = role
        self.former = former
        self.title = title
    }

    /// The operation and what it gives to whom.
    package var description: String { "\(kind.rawValue) of \(role.rawValue)" + (title.map { " to \($0)" } ?? "") }

    /// The explanation that every plan gives for writing it.
    static let explanation = "Write into the boot history what was done, so that status can show it."

    /// The note with the image that the role gets, where that is known before.
    func json(_ image: ImageID) -> JSONValue {
        var members = json.object ?? [:]
        members["image"] = .string(image.description)
        return .object(members)
    }

    /// The note for programs.
    package var json: JSONValue {
        [
            "operation": .string(kind.rawValue), "role": .string(role.rawValue),
            "former": former.map { .string($0.description) } ?? .null, "title": title.map { .string($0) } ?? .null,
        ]
    }
}
