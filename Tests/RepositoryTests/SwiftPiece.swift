/// One piece of a Swift file; enough to find what is passed under a label.
enum SwiftPiece: Equatable {
    /// A name, keyword or number.
    case word(String)
    /// The contents of a string literal, with `hole` for each interpolation.
    case literal(String)
    /// Any other character.
    case mark(Character)
    /// What stands between brackets.
    case group(Character, [SwiftPiece])

    /// Stands for what is not known before the program runs.
    static let hole: Character = "\u{FFFC}"

    /// Cuts a file into pieces, without its comments.
    static func pieces(of text: String) -> [SwiftPiece] {
        var rest = Substring(text)
        return pieces(&rest)
    }

    /// Reads up to the bracket that closes, or to the end.
    private static func pieces(_ rest: inout Substring) -> [SwiftPiece] {
        var result: [SwiftPiece] = []
        while let next = rest.first, !")]}".contains(next) {
            if rest.hasPrefix("//") {
                rest = rest.drop { $0 != "\n" }
            } else if next.isLetter || next.isNumber || next == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                rest = rest.dropFirst(word.count)
                result.append(.word(String(word)))
            } else {
                rest.removeFirst()
                switch next {
                case "(", "[", "{": result.append(.group(next, group(&rest)))
                case "\"": result.append(.literal(literal(&rest)))
                default: if !next.isWhitespace { result.append(.mark(next)) }
                }
            }
        }
        return result
    }

    private static func group(_ rest: inout Substring) -> [SwiftPiece] {
        let inner = pieces(&rest)
        _ = rest.popFirst()
        return inner
    }

    /// Reads a literal whose first quote is behind us; one of several lines ends with three.
    private static func literal(_ rest: inout Substring) -> String {
        let end = rest.hasPrefix("\"\"") ? "\"\"\"" : "\""
        if end.count == 3 { rest.removeFirst(2) }
        var text = ""
        while !rest.isEmpty, !rest.hasPrefix(end) {
            let character = rest.removeFirst()
            guard character == "\\" else {
                text.append(character)
                continue
            }
            guard let escaped = rest.popFirst() else { break }
            if escaped == "(" { _ = group(&rest) }
            text.append(escaped == "(" ? hole : escaped)
        }
        rest = rest.dropFirst(end.count)
        return text
    }
}
