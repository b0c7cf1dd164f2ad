package import JSONText
package import SystemPackage

/// One thing in a kept path that is not as the running image has it.
package struct KeptChange: Equatable, Sendable {
    /// How it differs.
    package enum Kind: String, CaseIterable, Sendable {
        /// The image does not have it.
        case added
        /// Both have it, and it differs.
        case changed
        /// Only the image has it.
        case removed
    }

    /// What of it is changed.
    package enum Aspect: String, Sendable {
        /// What it is: a file, a folder, a link.
        case type
        /// What is in it, or where a link leads.
        case content
        /// Only mode or owner.
        case attributes
    }

    /// Where it is.
    package var path: FilePath
    /// How it differs.
    package var kind: Kind
    /// What is changed; nil unless both have it.
    package var aspect: Aspect?
    /// Whether it was last changed here before the machine had the running image: then the image's may be newer, and is hidden.
    package var isOlder: Bool

    /// Describes a difference.
    package init(_ path: FilePath, _ kind: Kind, _ aspect: Aspect? = nil, isOlder: Bool = false) {
        (self.path, self.kind, self.aspect, self.isOlder) = (path, kind, aspect, isOlder)
    }

    /// The difference for people: a word, the path, and what there is to say.
    package var line: String {
        let remarks = [aspect == .content ? nil : aspect?.rawValue, isOlder ? Self.olderWords : nil].compactMap(\.self)
        let end = remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))"
        return kind.rawValue + String(repeating: " ", count: 9 - kind.rawValue.count) + path.string + end
    }

    fileprivate static let olderWords = "older than this image, and hides what it has"

    /// `path`, `change`, `what`, `hidesImage`.
    package var json: JSONValue {
        [
            "path": .string(path.string), "change": .string(kind.rawValue),
            "what": aspect.map { .string($0.rawValue) } ?? .null, "hidesImage": .bool(isOlder),
        ]
    }
}

/// What in a kept path is not as the running image has it.
package struct KeptDifference: Equatable, Sendable {
    /// The first differences, in the order of their paths.
    package private(set) var changes: [KeptChange] = []
    /// How many there are of each kind.
    package private(set) var counts: [KeptChange.Kind: Int] = [:]
    /// How many of the changed ones are older than the image.
    package private(set) var older = 0
    /// The first of these, named whatever the limit is.
    package private(set) var hiding: [FilePath] = []
    /// Bytes of the files that were added or have another content.
    package private(set) var bytes: Int64 = 0
    /// What could not be compared, a sentence each.
    package var remarks: [String] = []
    private let limit: Int
    /// How many files that hide the image's are named at most.
    package static let mostHiding = 20

    /// Nothing was compared yet.
    ///
    /// - Parameter limit: how many differences are named; the others are only counted.
    package init(limit: Int) { self.limit = max(0, limit) }

    /// Whether the path is as the image has it, as far as it could be compared.
    package var isEmpty: Bool { counts.isEmpty }

    /// How many there are in all.
    package var count: Int { counts.values.reduce(0, +) }

    /// Notes a difference, with the size of the file that is here.
    package mutating func add(_ change: KeptChange, size: Int64 = 0) {
        counts[change.kind, default: 0] += 1
        if change.isOlder {
            older += 1
            if hiding.count < Self.mostHiding { hiding.append(change.path) }
        }
        if change.aspect != .attributes {
            let (sum, overflow) = bytes.addingReportingOverflow(max(0, size))
            bytes = overflow ? .max : sum
        }
        if changes.count < limit { changes.append(change) }
    }

    /// The differences for people, and what was left out.
    package var lines: [String] {
        guard !isEmpty else { return ["All is as the image has it."] + remarks.map { "note: \($0)" } }
        let more = count - changes.count
        return changes.map(\.line) + (more > 0 ? ["… and \(more) more"] : []) + remarks.map { "note: \($0)" }
    }

    /// The numbers in a few words.
    package var summary: String {
        guard !isEmpty else { return "as in the image" }
        return KeptChange.Kind.allCases.compactMap { kind in counts[kind].map { "\($0) \(kind.rawValue)" } }
            .joined(separator: ", ")
    }

    /// The files that hide what the image has, for people, and how many more there are.
    package var hidingLines: [String] {
        hiding.map { "\($0) is \(KeptChange.olderWords)." }
            + (older > hiding.count ? ["… and \(older - hiding.count) more"] : [])
    }

    /// `added`, `changed`, `removed`, `hidingImage`, `hiding`, `bytes`, `remarks`, in the words of docs/layout.md.
    package var numbers: JSONObject {
        var object = JSONObject(
            KeptChange.Kind.allCases.map { .init($0.rawValue, .integer(Int64(counts[$0] ?? 0))) })
        object["hidingImage"] = .integer(Int64(older))
        object["hiding"] = .array(hiding.map { .string($0.string) })
        object["bytes"] = .integer(bytes)
        object["remarks"] = .array(remarks.map { .string($0) })
        return object
    }
}
