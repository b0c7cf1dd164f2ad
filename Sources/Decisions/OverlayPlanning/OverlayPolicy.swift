package import DocumentTree
package import ImageModel
import JSONText

/// What is said about one overlay in the file beside it, `<nn-name>.yaml`.
///
/// It lies beside the overlay and not in it: it decides what an overlay means that cannot be read, and the images are others'.
package struct OverlayPolicy: Equatable, Sendable {
    /// The largest file that is read, in bytes.
    package static let sizeLimit = 64 * 1024
    /// The roles that take an overlay of which nothing is said: recovery must run when an overlay is what is broken.
    package static let standardRoles: [Role] = [.active, .passive]

    /// Whether a boot ends when the overlay is meant for this machine and cannot be stacked.
    package var isRequired = false
    /// Values of which the system's os-release must have one, by the names of their fields.
    package var osRelease: [String: [String]] = [:]
    /// Boards of which this must be one; nil for any.
    package var boards: [String]?
    /// Roles that take it.
    package var roles = standardRoles

    /// The policy of an overlay of which nothing is said.
    package init() {}

    /// Every key of a policy.
    package static let table = DocumentTable<OverlayPolicy>(
        "the policy of an overlay",
        [
            DocumentKey(
                "required", .truth, default: false,
                """
                Whether a boot ends without the overlay: when it is missing, damaged, not for this version of the system. \
                Otherwise it is left out, and the report says so. An overlay that `match` keeps off is never missed.
                """
            ) { $0.isRequired = $1 },
            DocumentKey("match", match, "Where the overlay is meant to be. All that is said must be so."),
        ])

    private static let match: [DocumentKey<OverlayPolicy>] = [
        DocumentKey(
            "os-release", .fields,
            """
            Fields of the image's os-release(5), each with the values of which it must have one.
            """
        ) { $0.osRelease = $1 },
        DocumentKey(
            "board", .oneOrMore(.text, "a board"),
            "The boards that it is for. Without this key it is for all."
        ) { $0.boards = $1 },
        DocumentKey(
            "role", .oneOrMore(.choice, "a role"), default: ["active", "passive"],
            "The roles that take it. Recovery takes none unless it is named."
        ) { $0.roles = $1 },
    ]
}

extension OverlayPolicy {
    /// Reads a policy; keys that are absent keep the default.
    ///
    /// - Throws: `DocumentError` for an unknown key, or a value that its key does not take.
    package init(_ document: DocumentNode) throws(DocumentError) {
        self.init()
        try Self.table.read(document, into: &self)
    }

    /// Says whether a policy with a fault elsewhere still says that its overlay is required.
    ///
    /// A slip in a rule must not make a boot go on without what it needs.
    package static func saysRequired(_ document: DocumentNode) -> Bool {
        guard case .mapping(let pairs) = document.content else { return false }
        guard let value = pairs.last(where: { $0.key == "required" })?.value.content else { return false }
        if case .scalar("true", _) = value { return true } else { return false }
    }

    /// Says why the overlay is not meant for a machine; nil when it is.
    func mismatch(_ host: OverlayHost) -> String? {
        if !roles.contains(host.role) {
            return "it is for the role \(Self.choice(roles.map(\.rawValue))), and this is \(host.role.rawValue)"
        }
        if let boards, !boards.contains(host.board ?? "") {
            let board = host.board.map { "this one is \($0)" } ?? "nobody knows what this one is"
            return "it is for the board \(Self.choice(boards)), and \(board)"
        }
        return osRelease.keys.sorted().lazy.compactMap { fieldMismatch($0, host.osRelease[$0]) }.first
    }

    private func fieldMismatch(_ name: String, _ value: String?) -> String? {
        guard let wanted = osRelease[name], !wanted.contains(value ?? "") else { return nil }
        return "it is for \(name) \(Self.choice(wanted)), and this system has \(value ?? "none")"
    }

    private static func choice(_ words: [String]) -> String { words.joined(separator: " or ") }
}

extension DocumentValue {
    /// A list of values that is not empty, or one value alone; `name` is what messages call one of them, with an article.
    fileprivate static func oneOrMore<Element>(_ element: DocumentValue<Element>, _ name: String) -> Self
    where Value == [Element] {
        let list = list(of: element, name)
        return Self(.either([element.shape, list.shape])) { (node, key) throws(DocumentError) in
            if case .scalar = node.content, !node.isEmpty { return [try element.read(node, key)] }
            let values = try list.read(node, key)
            guard !values.isEmpty else { throw DocumentError(at: node.mark, "\(key) must name \(name) at least") }
            return values
        }
    }
}

extension DocumentValue where Value == [String: [String]] {
    /// Fields of os-release(5), each with one value or more.
    fileprivate static var fields: Self {
        let values = DocumentValue<[String]>.oneOrMore(.text, "a value")
        let names = DocumentNames("FIELD", "a field of os-release(5)", without: "=")
        return Self(.mapping(names, values.shape)) { (node, key) throws(DocumentError) in
            var fields: [String: [String]] = [:]
            for pair in try node.pairs(key) {
                guard ManifestText.isFieldName(pair.key) else {
                    throw DocumentError(
                        at: pair.mark, "'\(pair.key)' must be a field of os-release(5), such as VERSION_ID")
                }
                fields[pair.key] = try values.read(pair.value, pair.key)
            }
            return fields
        }
    }
}
