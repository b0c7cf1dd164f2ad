import DocumentTree

/// Decides `when:`, which keeps a step or an element of a list for some values or architectures.
enum SpecCondition {
    /// The key.
    static let key = "when"
    /// The key of the architecture within it.
    private static let architecture = "arch"

    /// The key as tables have it; it is decided before a table reads.
    static func entry() -> DocumentEntry {
        let names = DocumentNames("arch or values.NAME", "arch, or values. and the name of a value", without: " ")
        let text = DocumentShape.text("a text")
        return DocumentEntry(
            name: key, shape: .mapping(names, .either([text, .list(text)])),
            explanation: """
                For what this element counts: all that is named must have that value, or one of a list. `arch` is the \
                architecture that is built for, `values.NAME` a value.
                """)
    }

    /// Whether an element counts; the values that it asks for count as used.
    ///
    /// - Throws: `DocumentError` for a condition that is none.
    static func holds(
        _ condition: DocumentNode, architecture: String, _ substitution: inout Substitution
    ) throws(DocumentError) -> Bool {
        var holds = true
        for pair in try condition.pairs(key) {
            let wanted = try texts(pair.value, pair.key)
            if pair.key == Self.architecture {
                for (text, mark) in wanted { try SpecArchitecture.check(text, at: mark) }
                substitution.usesArchitecture = true
                if !wanted.contains(where: { $0.text == architecture }) { holds = false }
            } else {
                guard pair.key.hasPrefix("values.") else {
                    let names = substitution.values.map { $0.keys.sorted() } ?? []
                    throw pair.unknown([Self.architecture] + names.prefix(32).map { "values.\($0)" })
                }
                let value = try substitution.value(String(pair.key.dropFirst(7)), at: pair.mark)
                if !wanted.contains(where: { $0.text == value }) { holds = false }
            }
        }
        return holds
    }

    private static func texts(
        _ node: DocumentNode, _ name: String
    ) throws(DocumentError) -> [(text: String, mark: DocumentMark)] {
        var nodes = [node]
        if case .sequence(let elements) = node.content { nodes = elements }
        var texts: [(String, DocumentMark)] = []
        for node in nodes {
            let text = try node.scalar(name)
            guard !text.utf8.contains(UInt8(ascii: "$")) else {
                throw DocumentError(at: node.mark, "a condition compares with a plain text, without '$'")
            }
            texts.append((text, node.mark))
        }
        return texts
    }
}

/// The architectures in Go's words, as container images have them.
package enum SpecArchitecture {
    /// All that files and options may name, besides `all` for packages that are the same everywhere.
    package static let names = [
        "386", "amd64", "arm", "arm64", "loong64", "mips64le", "ppc64le", "riscv64", "s390x",
    ]
    private static let others = ["x86_64": "amd64", "aarch64": "arm64", "i386": "386", "i686": "386", "armhf": "arm"]

    /// Refuses what is no architecture, with the word that is meant: a condition on it would never hold.
    static func check(_ text: String, at mark: DocumentMark) throws(DocumentError) {
        if names.contains(text) { return }
        let near = others[text] ?? names.nearest(to: text)
        let hint = near.map { " (did you mean '\($0)'?)" } ?? ""
        throw DocumentError(
            at: mark, "'\(text)' is no architecture\(hint); known are \(names.joined(separator: ", "))")
    }
}
