/// A word after its quotes are taken away.
struct ShellWord: Equatable {
    var text: String
    /// Whether any of it was quoted, which takes the meaning from reserved words.
    var isQuoted: Bool

    /// Whether it is this reserved word.
    func isReserved(_ word: String) -> Bool { !isQuoted && text == word }
}

/// A piece of a command.
enum ShellToken: Equatable {
    case word(ShellWord)
    case redirection(ShellRedirection)
    case newline, semicolon, and, or, pipe, open, close, end
}

/// The redirections that never change a status.
enum ShellRedirection: Equatable {
    case outputToNull, errorsToNull, other
}

/// Cuts a text into tokens by the rules of POSIX (Shell Command Language, 2.3); what may expand is left to the shell.
struct ShellLexer {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The byte at the position, or nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func tokens() throws(ShellOnly) -> [ShellToken] {
        // Other bytes depend on the locale, or are mistakes such as the carriage return.
        guard bytes.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 || $0 == 0x0A }) else { throw ShellOnly() }
        var tokens: [ShellToken] = []
        while true {
            let token = try token()
            tokens.append(token)
            if token == .end { return tokens }
        }
    }

    private mutating func token() throws(ShellOnly) -> ShellToken {
        skipBlanks()
        guard let byte = next else { return .end }
        switch byte {
        case 0x0A: return single(.newline)
        case UInt8(ascii: ";"): return single(.semicolon)
        case UInt8(ascii: ")"): return single(.close)
        case UInt8(ascii: "("):
            position += 1
            // bash takes two of them for arithmetic.
            guard next != byte else { throw ShellOnly() }
            return .open
        case UInt8(ascii: "&"):
            position += 1
            guard take(byte) else { throw ShellOnly() }
            return .and
        case UInt8(ascii: "|"):
            position += 1
            return take(byte) ? .or : .pipe
        case UInt8(ascii: ">"): return .redirection(try redirection(of: 1))
        default: return try wordOrRedirection()
        }
    }

    private mutating func single(_ token: ShellToken) -> ShellToken {
        position += 1
        return token
    }

    /// Takes the byte when it is next.
    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// Passes over blanks and continued lines.
    private mutating func skipBlanks() {
        while let byte = next {
            if byte == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == 0x0A {
                position += 2
            } else if byte == 0x20 || byte == 0x09 {
                position += 1
            } else {
                return
            }
        }
    }

    private mutating func wordOrRedirection() throws(ShellOnly) -> ShellToken {
        let start = position
        let word = try word()
        guard next == UInt8(ascii: ">"), word.text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return .word(word)
        }
        // Only one digit right before the sign is the number of a stream for every shell.
        guard position == start + 1, word.text == "1" || word.text == "2" else { throw ShellOnly() }
        return .redirection(try redirection(of: word.text == "1" ? 1 : 2))
    }

    /// Reads from the sign on.
    private mutating func redirection(of stream: Int) throws(ShellOnly) -> ShellRedirection {
        position += 1
        let appends = take(UInt8(ascii: ">"))
        if !appends, take(UInt8(ascii: "&")) {
            let target = try word()
            guard !target.isQuoted, target.text == "1" || target.text == "2" else { throw ShellOnly() }
            return .other
        }
        skipBlanks()
        guard try word().text == "/dev/null" else { throw ShellOnly() }
        return stream == 1 ? .outputToNull : .errorsToNull
    }
}
