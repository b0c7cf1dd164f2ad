import JSONText

/// Cuts a template into tokens, from left to right; one instance reads one text.
struct TemplateLexer {
    /// More tokens than any configuration has; bounds the memory of a hostile one.
    static let maximumTokens = 100_000

    let bytes: [UInt8]
    var position = 0
    private(set) var tokens: [TemplateToken] = []

    static func tokens(of bytes: [UInt8]) throws(TemplateProblem) -> [TemplateToken] {
        var lexer = TemplateLexer(bytes: bytes)
        try lexer.run()
        return lexer.tokens
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    func foreign(_ reason: String, at offset: Int? = nil) -> TemplateProblem {
        TemplateProblem(.foreign, reason, at: offset ?? position)
    }

    func byte(at index: Int) -> UInt8? { index >= 0 && index < bytes.count ? bytes[index] : nil }

    func isAt(_ word: String, _ index: Int) -> Bool {
        index <= bytes.count && bytes[index...].starts(with: word.utf8)
    }

    mutating func add(_ kind: TemplateToken.Kind, at offset: Int) throws(TemplateProblem) {
        guard tokens.count < Self.maximumTokens else {
            throw TemplateProblem(.limit, "the template has more than \(Self.maximumTokens) words", at: offset)
        }
        tokens.append(TemplateToken(kind: kind, offset: offset))
    }

    private mutating func run() throws(TemplateProblem) {
        while let open = next("{{", from: position) {
            let trims = byte(at: open + 2) == UInt8(ascii: "-") && byte(at: open + 3).map(isSpace) == true
            try text(until: open, trims: trims)
            position = open + (trims ? 4 : 2)
            if isAt("/*", position) {
                try comment()
            } else {
                try add(.open, at: open)
                try inside()
            }
        }
        try text(until: bytes.count, trims: false)
        try add(.end, at: bytes.count)
    }

    private func isSpace(_ byte: UInt8) -> Bool { TemplateCharacters.isSpace(byte) }

    private func next(_ word: String, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if isAt(word, index) { return index }
            index += 1
        }
        return nil
    }

    private mutating func text(until end: Int, trims: Bool) throws(TemplateProblem) {
        var text = bytes[position..<end]
        while trims, let last = text.last, isSpace(last) { text.removeLast() }
        if !text.isEmpty { try add(.text(text), at: position) }
    }

    private mutating func comment() throws(TemplateProblem) {
        guard let end = next("*/", from: position + 2) else { throw foreign("a comment is not closed") }
        position = end + 2
        guard let length = closing else { throw foreign("a comment ends before its braces") }
        close(length)
    }

    /// The length of the closing braces, with their trim marker, when they are next.
    var closing: Int? {
        if isAt("}}", position) { return 2 }
        guard let byte = byte(at: position), isSpace(byte), isAt("-}}", position + 1) else { return nil }
        return 4
    }

    private mutating func close(_ length: Int) {
        position += length
        guard length > 2 else { return }
        while let byte = byte(at: position), isSpace(byte) { position += 1 }
    }

    private mutating func inside() throws(TemplateProblem) {
        var parentheses = 0
        while true {
            if let length = closing {
                guard parentheses == 0 else { throw foreign("a parenthesis is not closed") }
                try add(.close, at: position)
                return close(length)
            }
            try word()
            switch tokens.last?.kind {
            case .openParenthesis: parentheses += 1
            case .closeParenthesis: parentheses -= 1
            default: break
            }
            guard parentheses >= 0 else { throw foreign("')' without '('", at: position - 1) }
        }
    }

    /// Takes white space, but not the one that belongs to a trim marker.
    mutating func spaces() throws(TemplateProblem) {
        let start = position
        while closing == nil, let byte = byte(at: position), isSpace(byte) { position += 1 }
        try add(.space, at: start)
    }
}
