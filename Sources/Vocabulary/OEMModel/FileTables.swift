import DocumentTree
import ImageModel
import JSONText

/// Owner, group and names as they are written, before it is known which of them count.
struct OwnerKeys: Equatable, Sendable {
    var user: Int?
    var group: Int?
    var names: String?

    /// Names win over numbers, as in the family.
    var owner: FileOwner? {
        if let names, !names.isEmpty { return .names(names) }
        guard user != nil || group != nil else { return nil }
        return .ids(user: UInt32(clamping: user ?? 0), group: UInt32(clamping: group ?? 0))
    }

    /// The keys that say who owns something, for a table of something that holds them.
    static func keys<Root>(
        _ change: @escaping @Sendable (inout Root, (inout OwnerKeys) -> Void) -> Void
    ) -> [DocumentKey<Root>] {
        let names = "The owner by name: `user` or `user:group`. It wins over numbers."
        let ids = DocumentValue<Int>.integer(0...4_294_967_294)
        return [
            DocumentKey("owner", ids, default: 0, "The owner's number.") { root, id in change(&root) { $0.user = id } },
            DocumentKey("group", ids, default: 0, "The group's number.") { root, id in change(&root) { $0.group = id }
            },
            DocumentKey("ownerstring", .line, names) { root, text in change(&root) { $0.names = text } },
            DocumentKey("owner_string", .line, "The same as `ownerstring`.") { root, text in
                change(&root) { $0.names = text }
            },
        ]
    }
}

extension DocumentValue where Value == String {
    /// An absolute path without `..`.
    static var target: Self {
        Self(.text("an absolute path", pattern: "^/")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            let isClean = text.utf8.allSatisfy { $0 >= 0x20 } && !text.split(separator: "/").contains("..")
            guard text.hasPrefix("/"), isClean else {
                throw DocumentError(at: node.mark, "\(name) must be an absolute path without '..', not '\(text)'")
            }
            return text
        }
    }
}

/// An entry of `files` as it is written.
struct FileKeys: Sendable {
    var file = FileDirective()
    var owner = OwnerKeys()
    var content: DocumentNode?
    var encoding: Encoding = .plain

    /// The words for encodings, in any case.
    enum Encoding: String, CaseIterable, Sendable {
        case b64, base64, gz, gzip
        case gzBase64 = "gz+base64"
        case gzB64 = "gz+b64"
        case gzipBase64 = "gzip+base64"
        case gzipB64 = "gzip+b64"
        case text = "text/plain"
        case plain = ""

        var isBase64: Bool { self != .plain && self != .text && self != .gz && self != .gzip }
        var isGzip: Bool { rawValue.hasPrefix("gz") }
    }

    /// The keys of `files`.
    static let table = DocumentTable<FileKeys>("a file", emptyIsAbsent: true, keys(.mode))

    /// The keys that `files` and `write_files` have alike.
    static func keys(_ mode: DocumentValue<FileMode>) -> [DocumentKey<FileKeys>] {
        [
            DocumentKey("path", .target, required: true, "Where it is written.") { $0.file.path = $1 },
            DocumentKey("content", .node, "What is in it. In `stages` it is a template.") { $0.content = $1 },
            DocumentKey("encoding", .encoding, "How `content` is written: base64, gzip, or both.") { $0.encoding = $1 },
            DocumentKey("permissions", mode, default: "0644", "Its permissions, octal.") { $0.file.mode = $1 },
            DocumentKey("name", .line, "For people only.") { _, _ in },
        ] + OwnerKeys.keys { $1(&$0.owner) }
    }

    func directive(at mark: DocumentMark) throws(DocumentError) -> FileDirective {
        var file = file
        file.owner = owner.owner ?? file.owner
        file.mark = mark
        if let content { file.content = try decoded(content) }
        return file
    }

    private func decoded(_ node: DocumentNode) throws(DocumentError) -> FileContent {
        guard case .scalar(let text, _) = node.content else {
            throw DocumentError(at: node.mark, "content must be a text")
        }
        // The tag belongs to YAML, so it is undone before what the encoding says.
        var bytes = Array(text.utf8)
        if node.isBinary { bytes = try Self.base64(bytes, node) }
        if encoding.isBase64 { bytes = try Self.base64(bytes, node) }
        let isDecoded = node.isBinary || encoding.isBase64
        return FileContent(bytes, encoding.isGzip ? .gzip : isDecoded ? .base64 : .plain)
    }

    private static func base64(_ bytes: [UInt8], _ node: DocumentNode) throws(DocumentError) -> [UInt8] {
        let letters = bytes.filter { $0 != 0x0A && $0 != 0x0D && $0 != 0x20 && $0 != 0x09 }
        guard let decoded = Base64.decode(letters) else {
            throw DocumentError(at: node.mark, "content is no base64 that can be read")
        }
        return decoded
    }
}

extension DocumentValue where Value == DocumentNode {
    /// A text that is read later, when it is known how it is written.
    static var node: Self { Self(.text("a text")) { (node, _) throws(DocumentError) in node } }
}

extension DocumentValue where Value == FileKeys.Encoding {
    static var encoding: Self {
        let words = Value.allCases.map(\.rawValue).filter { !$0.isEmpty }
        return Self(.choice(words)) { (node, name) throws(DocumentError) in
            if try node.scalar(name).isEmpty { return .plain }
            return try node.choice(name, words) { Value(rawValue: $0.lowercased()) }
        }
    }
}

extension DocumentValue where Value == FileDirective {
    /// A file of `files`.
    static var file: Self {
        Self(.table(FileKeys.table.entries)) { (node, _) throws(DocumentError) in
            var keys = FileKeys()
            try FileKeys.table.read(node, into: &keys)
            return try keys.directive(at: node.mark)
        }
    }
}
