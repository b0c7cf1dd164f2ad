import InstanceData

/// What a source has said, text by text, before it is read.
struct SourceAnswers: Equatable, Sendable {
    /// One text.
    struct Text: Equatable, Sendable {
        var kind: MetadataKind
        var bytes: [UInt8]
        /// Whether a source of this kind cannot be without it.
        var isRequired = false
    }

    /// Where they come from.
    var place: String
    /// The texts in the order in which they were asked for.
    var texts: [Text] = []
    /// What is worth knowing.
    var remarks: [String] = []
    /// Whether something is there that could not be had.
    private(set) var isIncomplete = false

    init(from place: String) { self.place = place }

    /// Notes that something is there and could not be had.
    mutating func miss(_ remark: String) {
        isIncomplete = true
        remarks.append(remark)
    }

    /// Whether nothing was said, and nothing went wrong.
    var isEmpty: Bool { texts.isEmpty && remarks.isEmpty }

    /// The first text of a kind.
    subscript(kind: MetadataKind) -> [UInt8]? { texts.first { $0.kind == kind }?.bytes }
}
