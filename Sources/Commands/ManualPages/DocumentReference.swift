import DocumentTree
import JSONText

// Here, and not beside the tables: what only writes pages is no part of the initramfs.

extension [DocumentEntry] {
    /// A Markdown table of the keys and of those below them, one row each.
    package var reference: String {
        "| key | value | default | meaning |\n|---|---|---|---|\n" + map { $0.rows(below: "") }.joined()
    }
}

extension DocumentEntry {
    fileprivate func rows(below prefix: String) -> String {
        let key = prefix + name
        let standard = isRequired ? "required" : standard.map { "`\($0.flow)`" } ?? ""
        let cells = ["`\(key)`", shape.words, standard, explanation].map { cell in
            cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
        }
        return "| \(cells.joined(separator: " | ")) |\n" + shape.rows(below: key)
    }
}

extension DocumentShape {
    /// What a value is, for people, with an article where it has one.
    fileprivate var words: String {
        switch self {
        case .text(let words, _): words
        case .truth: "`true` or `false`"
        case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: " or ")
        case .list(let element): "a list, each \(element.words)"
        case .table: "a mapping"
        case .mapping(let names, .table): "a mapping by `\(names.placeholder)`"
        case .mapping(let names, let value): "a mapping of `\(names.placeholder)`, each \(value.words)"
        case .either(let shapes): shapes.map(\.words).joined(separator: ", or ")
        }
    }

    /// The rows of what is inside a value.
    fileprivate func rows(below key: String) -> String {
        switch self {
        case .text, .truth, .integer, .choice: ""
        case .list(let element): element.rows(below: "\(key)[]")
        case .table(let entries): entries.map { $0.rows(below: "\(key).") }.joined()
        case .mapping(let names, let value): value.rows(below: "\(key).<\(names.placeholder)>")
        case .either(let shapes): shapes.map { $0.rows(below: key) }.joined()
        }
    }
}

extension JSONValue {
    /// The value as one would write it in a file of ours.
    fileprivate var flow: String {
        if let text { return text }
        if let elements { return "[\(elements.map(\.flow).joined(separator: ", "))]" }
        return String(decoding: serialized(), as: UTF8.self)
    }
}
