import Foundation

/// One Swift file of the checkout.
struct SourceFile: Sendable {
    /// Relative to the top of the checkout.
    var path: String
    /// Everything in it.
    var text: String

    /// The lines as they are.
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The lines without comments and without the contents of string literals.
    var code: [String] { lines.map { Self.code(of: $0) } }

    /// The target that a file below `Sources/<layer>` or `Tests/<layer>` belongs to.
    var target: String { path.split(separator: "/").dropFirst(2).first.map(String.init) ?? "" }

    /// The modules that the file imports.
    var imports: [String] {
        lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index <= 2, words.count > index + 1 else { return nil }
            guard words[..<index].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains(String($0)) }) else {
                return nil
            }
            return words.last.flatMap { $0.split(separator: ".").first }.map(String.init)
        }
    }

    private static let accessLevels: Set = ["package", "public", "internal", "private", "fileprivate"]

    /// Cuts comments and the contents of literals out of one line.
    static func code(of line: Substring) -> String {
        var result = ""
        var inString = false
        var rest = line
        while let character = rest.popFirst() {
            switch character {
            case "\\" where inString: _ = rest.popFirst()
            case "\"":
                inString.toggle()
                result.append(character)
            case "/" where !inString && rest.first == "/": return result
            default: if !inString { result.append(character) }
            }
        }
        return result
    }
}
