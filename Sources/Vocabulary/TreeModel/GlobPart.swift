/// One part of a glob, between two slashes.
enum GlobPart: Hashable, Sendable {
    /// `**`: any number of folders.
    case folders
    /// This name.
    case literal([UInt8])
    /// A name with these bytes in their order: the first at its beginning, the last at its end, anything between them.
    case pieces([[UInt8]])
    /// Characters that one name must have.
    case name([Token])

    /// What one character, or several, must be.
    enum Token: Hashable, Sendable {
        /// This one.
        case scalar(Unicode.Scalar)
        /// Any one.
        case one
        /// Any number of any.
        case any
        /// One of some, or none of them.
        case set([ClosedRange<UInt32>], isNegated: Bool)
    }

    /// Says what is wrong in a part.
    struct Failure: Error {
        /// The cause, without a full stop.
        let cause: String
    }

    /// Reads a part.
    init(_ text: [Unicode.Scalar]) throws(Failure) {
        if text == ["*", "*"] {
            self = .folders
            return
        }
        var reader = GlobPartReader(text)
        let tokens = try reader.tokens()
        if tokens.isEmpty { throw Failure(cause: "it has two slashes with nothing between them") }
        if tokens == [.scalar(".")] || tokens == [.scalar("."), .scalar(".")] {
            throw Failure(cause: "it has . or .. as a part")
        }
        let texts = tokens.split(separator: .any, omittingEmptySubsequences: false).map(Self.text)
        let pieces = texts.compactMap(\.self)
        if pieces.count < texts.count {
            self = .name(tokens)
        } else {
            self = pieces.count == 1 ? .literal(pieces[0]) : .pieces(pieces)
        }
    }

    /// The bytes of characters; nil when one of them stands for others.
    private static func text(_ tokens: ArraySlice<Token>) -> [UInt8]? {
        var text = String.UnicodeScalarView()
        for token in tokens {
            guard case .scalar(let scalar) = token else { return nil }
            text.append(scalar)
        }
        return Array(String(text).utf8)
    }

    /// The name that it stands for, when it is only one.
    var literal: [UInt8]? { if case .literal(let name) = self { name } else { nil } }

    /// Says whether it matches a name; a byte that is not UTF-8 is a character of its own, which only `*`, `?` and a
    /// negated class match.
    func matches(_ name: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .folders: false
        case .literal(let text): name.elementsEqual(text)
        case .pieces(let pieces): Self.matches(name, pieces)
        case .name(let tokens): Self.matches(name, tokens)
        }
    }

    /// Bytes of a character never look like another one's, so that nothing has to be decoded.
    private static func matches(_ name: ArraySlice<UInt8>, _ pieces: [[UInt8]]) -> Bool {
        guard let first = pieces.first, let last = pieces.last, name.count >= first.count + last.count,
            name.starts(with: first), name.suffix(last.count).elementsEqual(last)
        else { return false }
        var rest = name.dropFirst(first.count).dropLast(last.count)
        for piece in pieces.dropFirst().dropLast() {
            while !rest.starts(with: piece) {
                if rest.isEmpty { return false }
                rest = rest.dropFirst()
            }
            rest = rest.dropFirst(piece.count)
        }
        return true
    }

    private static func matches(_ name: ArraySlice<UInt8>, _ tokens: [Token]) -> Bool {
        let characters = characters(name)
        // After a failure go back to the last `*` and let it take one more character.
        var (place, token) = (0, 0)
        var retry: (place: Int, token: Int)?
        while place < characters.count {
            if token < tokens.count, tokens[token] == .any {
                retry = (place, token)
                token += 1
            } else if token < tokens.count, tokens[token].matches(characters[place]) {
                place += 1
                token += 1
            } else if let last = retry {
                place = last.place + 1
                token = last.token + 1
                retry = (place, last.token)
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == .any }
    }

    /// The characters of a name; nil for each byte that is not UTF-8.
    private static func characters(_ name: ArraySlice<UInt8>) -> [Unicode.Scalar?] {
        var characters: [Unicode.Scalar?] = []
        var rest = name
        var decoder = UTF8()
        var iterator = rest.makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar):
                characters.append(scalar)
                rest = rest.dropFirst(UTF8.width(scalar))
            case .emptyInput: return characters
            case .error:
                characters.append(nil)
                rest = rest.dropFirst()
                decoder = UTF8()
                iterator = rest.makeIterator()
            }
        }
    }
}

extension GlobPart.Token {
    /// Says whether it matches one character.
    fileprivate func matches(_ character: Unicode.Scalar?) -> Bool {
        switch self {
        case .scalar(let scalar): character == scalar
        case .one: true
        case .any: false
        case .set(let ranges, let isNegated):
            character.map { scalar in ranges.contains { $0.contains(scalar.value) } } ?? false != isNegated
        }
    }
}

/// Reads the tokens of one part.
private struct GlobPartReader {
    private let text: [Unicode.Scalar]
    private var place = 0

    init(_ text: [Unicode.Scalar]) { self.text = text }

    mutating func tokens() throws(GlobPart.Failure) -> [GlobPart.Token] {
        var tokens: [GlobPart.Token] = []
        while let scalar = take() {
            switch scalar {
            case "*":
                guard tokens.last != .any else { throw GlobPart.Failure(cause: "** is not the whole of a part") }
                tokens.append(.any)
            case "?": tokens.append(.one)
            case "[": tokens.append(try set())
            case "{", "}": throw GlobPart.Failure(cause: "braces are not known; write two globs")
            case "\\": tokens.append(.scalar(try escaped()))
            default: tokens.append(.scalar(scalar))
            }
        }
        return tokens
    }

    private mutating func take() -> Unicode.Scalar? {
        guard place < text.count else { return nil }
        place += 1
        return text[place - 1]
    }

    private mutating func escaped() throws(GlobPart.Failure) -> Unicode.Scalar {
        guard let scalar = take() else { throw GlobPart.Failure(cause: "nothing follows the last backslash") }
        return scalar
    }

    /// Reads a class behind its bracket; `]` at its beginning stands for itself.
    private mutating func set() throws(GlobPart.Failure) -> GlobPart.Token {
        var ranges: [ClosedRange<UInt32>] = []
        let isNegated = place < text.count && (text[place] == "!" || text[place] == "^")
        if isNegated { place += 1 }
        var isFirst = true
        while let scalar = take() {
            if scalar == "]", !isFirst { return .set(ranges, isNegated: isNegated) }
            isFirst = false
            let low = scalar == "\\" ? try escaped() : scalar
            guard place + 1 < text.count, text[place] == "-", text[place + 1] != "]" else {
                ranges.append(low.value...low.value)
                continue
            }
            place += 1
            let end = try escaped()
            let high = end == "\\" ? try escaped() : end
            guard low.value <= high.value else { throw GlobPart.Failure(cause: "a range of a class goes backwards") }
            ranges.append(low.value...high.value)
        }
        throw GlobPart.Failure(cause: "a class has no ]")
    }
}
