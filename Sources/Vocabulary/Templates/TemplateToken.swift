import JSONText

/// One word of a template.
struct TemplateToken: Sendable {
    enum Kind: Equatable, Sendable {
        case text(ArraySlice<UInt8>)
        case open, close, space, declare, assign, pipe, comma, openParenthesis, closeParenthesis, dot, end
        case field(String)
        case variable(String)
        case word(String)
        case literal(JSONValue)
    }

    var kind: Kind
    var offset: Int

    /// Words of the grammar, which cannot be functions.
    static let keywords: Set<String> = [
        "block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with",
    ]

    /// The token as an error shows it.
    var words: String {
        switch kind {
        case .text: "text"
        case .open: "{{"
        case .close: "}}"
        case .space: "space"
        case .declare: ":="
        case .assign: "="
        case .pipe: "|"
        case .comma: ","
        case .openParenthesis: "("
        case .closeParenthesis: ")"
        case .dot: "."
        case .end: "the end of the text"
        case .field(let name): ".\(name)"
        case .variable(let name): "$\(name)"
        case .word(let word): word
        case .literal: "a value"
        }
    }
}

/// Which bytes and characters belong together.
enum TemplateCharacters {
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    /// Whether Go counts it as letter, digit or underscore.
    static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: scalar == "_"
        }
    }

    /// Whether Go's `%q` shows it as it is.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }
}
