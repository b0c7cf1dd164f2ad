/// The literal causes and remedies of errors in a Swift file.
struct ErrorWording {
    /// What is passed as `cause:`, or without a label before `remedy:`.
    private(set) var causes: [String] = []
    /// What is passed as `remedy:`, or is the value of something that is named so.
    private(set) var remedies: [String] = []

    /// Finds them in the text of a file.
    init(_ text: String) { look(SwiftPiece.pieces(of: text)) }

    private mutating func look(_ pieces: [SwiftPiece]) {
        for (index, piece) in pieces.enumerated() {
            if case .group(let bracket, let inner) = piece {
                if bracket == "(" { look(arguments: inner.split(separator: .mark(",")).map(Array.init)) }
                look(inner)
            }
            guard case .word(let word) = piece, ["func", "let", "var"].contains(word), index + 1 < pieces.count,
                case .word(let name) = pieces[index + 1], name.lowercased().contains("remedy")
            else { continue }
            remedies += Self.values(of: pieces[(index + 2)...])
        }
    }

    private mutating func look(arguments: [[SwiftPiece]]) {
        for (index, argument) in arguments.enumerated() {
            switch Self.label(argument) {
            case "cause": causes += Self.texts(argument.dropFirst(2))
            case "remedy":
                remedies += Self.texts(argument.dropFirst(2))
                if index > 0, Self.label(arguments[index - 1]) == nil {
                    causes += Self.texts(arguments[index - 1][...])
                }
            default: break
            }
        }
    }

    private static func label(_ argument: [SwiftPiece]) -> String? {
        guard argument.count > 1, case .word(let name) = argument[0], argument[1] == .mark(":") else { return nil }
        return name
    }

    /// What begins the next statement.
    private static let statements: Set = [
        "return", "let", "var", "func", "private", "static", "guard", "if", "switch", "throw", "for", "do", "try",
    ]

    /// The values of a declaration: the literals of its body, or what is assigned up to the next statement.
    private static func values(of rest: ArraySlice<SwiftPiece>) -> [String] {
        var own = rest.prefix { piece in
            if case .word(let word) = piece { !statements.contains(word) } else { true }
        }
        if let body = own.firstIndex(where: { if case .group("{", _) = $0 { true } else { false } }),
            case .group(_, let inner) = own[body]
        {
            return bodies(inner)
        }
        guard let equals = own.firstIndex(of: .mark("=")) else { return [] }
        own = own[(equals + 1)...]
        return texts(own)
    }

    /// All literals of a body, those in the bodies of it included.
    private static func bodies(_ pieces: [SwiftPiece]) -> [String] {
        pieces.flatMap { piece in
            switch piece {
            case .literal(let text): [text]
            case .group("{", let inner): bodies(inner)
            default: [String]()
            }
        }
    }

    /// The texts of an expression: its parts joined, one for each branch; without what is asked before `?`.
    private static func texts(_ expression: ArraySlice<SwiftPiece>) -> [String] {
        var value = expression
        if value.first == .word("String"), value.dropFirst().first == .mark("=") { value = value.dropFirst(2) }
        var branches: [[SwiftPiece]] = [[]]
        for piece in value {
            switch piece {
            case .mark("?"): branches[branches.count - 1] = []
            case .mark(":"): branches.append([])
            case .mark("+"): break
            default: branches[branches.count - 1].append(piece)
            }
        }
        return branches.filter { $0.contains { if case .literal = $0 { true } else { false } } }.map { parts in
            parts.reduce(into: "") { text, part in
                if case .literal(let words) = part { text += words } else { text.append(SwiftPiece.hole) }
            }
        }
    }
}
