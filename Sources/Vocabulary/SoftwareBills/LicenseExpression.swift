/// An expression of SPDX identifiers (SPDX specification 2.3, annex D), as far as all of them are in SPDX's list.
package struct LicenseExpression: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The longest text that is read, in bytes.
    private static let limit = 4_096

    /// The expression with identifiers and operators as SPDX spells them.
    package let description: String

    /// Takes an expression that is known to be right.
    init(known text: String) { description = text }

    /// Reads an expression; nil for what is none, or names what the list does not have.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.limit else { return nil }
        let spaced = text.replacing("(", with: " ( ").replacing(")", with: " ) ")
        var reader = Reader(words: spaced.split(whereSeparator: \.isWhitespace).map(String.init))
        guard reader.expression(), reader.isAtEnd else { return nil }
        description = reader.text.joined(separator: " ").replacing("( ", with: "(").replacing(" )", with: ")")
    }

    /// Orders by the text.
    package static func < (one: Self, other: Self) -> Bool { one.description < other.description }

    /// All of the expressions at once, each once, sorted; nil for none.
    package static func all(of expressions: some Sequence<LicenseExpression>) -> LicenseExpression? {
        let each = Set(expressions).sorted()
        guard let first = each.first else { return nil }
        if each.count == 1 { return first }
        return LicenseExpression(known: each.map(\.operand).joined(separator: " AND "))
    }

    /// The text as it stands beside AND.
    private var operand: String { description.contains(" OR ") ? "(\(description))" : description }
}

/// Reads an expression word by word.
private struct Reader {
    private static let depthLimit = 16

    let words: [String]
    private(set) var text: [String] = []
    private var position = 0
    private var depth = 0

    init(words: [String]) { self.words = words }

    var isAtEnd: Bool { position == words.count }
    private var next: String? { position < words.count ? words[position] : nil }

    /// Takes operands with AND and OR between them, and says whether all was as it should be.
    mutating func expression() -> Bool {
        while operand() {
            guard let word = next?.uppercased(), word == "AND" || word == "OR" else { return true }
            take(as: word)
        }
        return false
    }

    private mutating func operand() -> Bool {
        guard let word = next else { return false }
        if word == "(" {
            guard depth < Self.depthLimit else { return false }
            depth += 1
            defer { depth -= 1 }
            take(as: word)
            guard expression(), next == ")" else { return false }
            take(as: ")")
            return true
        }
        guard let license = LicenseExpression.license(word) else { return false }
        take(as: license)
        guard next?.uppercased() == "WITH" else { return true }
        take(as: "WITH")
        guard let exception = next.flatMap({ LicenseTable.exception($0) }) else { return false }
        take(as: exception)
        return true
    }

    private mutating func take(as word: String) {
        text.append(word)
        position += 1
    }
}

extension LicenseExpression {
    /// Families whose old identifiers, `GPL-2.0` and `GPL-2.0+`, became two each.
    private static let families = ["gpl-", "lgpl-", "agpl-", "gfdl-"]

    /// The identifier that SPDX has today for one of the list, the old ones of GNU's licences included.
    static func license(_ word: String) -> String? {
        if let known = LicenseTable.license(word) { return known }
        guard families.contains(where: word.lowercased().hasPrefix) else { return nil }
        return LicenseTable.license(word.hasSuffix("+") ? word.dropLast() + "-or-later" : word + "-only")
    }
}
