/// Makes one condition of tokens, by the grammar of POSIX (Shell Command Language, 2.10); one instance reads one text.
struct ShellParser {
    /// The deepest nesting of groups.
    static let maximumDepth = 32

    let tokens: [ShellToken]
    var position = 0
    var depth = 0

    init(tokens: [ShellToken]) { self.tokens = tokens }

    var next: ShellToken { position < tokens.count ? tokens[position] : .end }

    mutating func program() throws(ShellOnly) -> ConditionNode {
        skipNewlines()
        // A text without a command succeeds.
        if next == .end { return .constant(true) }
        return try list(until: .end)
    }

    private mutating func take(_ token: ShellToken) -> Bool {
        guard next == token else { return false }
        position += 1
        return true
    }

    private mutating func skipNewlines() { while take(.newline) {} }

    /// Reads commands and what ends them.
    ///
    /// Only the last counts: none of them changes anything.
    private mutating func list(until closer: ShellToken) throws(ShellOnly) -> ConditionNode {
        skipNewlines()
        while true {
            let node = try chain()
            let isSeparated = take(.semicolon) || next == .newline
            skipNewlines()
            let closesBrace = closer == Self.closingBrace
            if next == closer {
                guard isSeparated || !closesBrace else { throw ShellOnly() }
                position += 1
                return node
            }
            guard isSeparated else { throw ShellOnly() }
        }
    }

    private static let closingBrace = ShellToken.word(ShellWord(text: "}", isQuoted: false))
    private static let openingBrace = ShellToken.word(ShellWord(text: "{", isQuoted: false))
    private static let bang = ShellToken.word(ShellWord(text: "!", isQuoted: false))

    /// Reads what `&&` and `||` join, which bind alike.
    private mutating func chain() throws(ShellOnly) -> ConditionNode {
        let first = try pipeline()
        var links: [ConditionLink] = []
        while next == .and || next == .or {
            let isAnd = take(.and)
            if !isAnd { position += 1 }
            skipNewlines()
            links.append(ConditionLink(isAnd: isAnd, node: try pipeline()))
        }
        return links.isEmpty ? first : .chain(first, links)
    }

    private mutating func pipeline() throws(ShellOnly) -> ConditionNode {
        let isNegated = take(Self.bang)
        let node = try piped()
        return isNegated ? .not(node) : node
    }

    private mutating func piped() throws(ShellOnly) -> ConditionNode {
        if take(.open) { return try group(until: .close) }
        if take(Self.openingBrace) { return try group(until: Self.closingBrace) }
        let command = try simple()
        guard take(.pipe) else { return try command.node() }
        skipNewlines()
        let second = try simple()
        guard next != .pipe else { throw ShellOnly() }
        return try second.node(reading: command.printedFiles())
    }

    private mutating func group(until closer: ShellToken) throws(ShellOnly) -> ConditionNode {
        guard depth < Self.maximumDepth else { throw ShellOnly() }
        depth += 1
        defer { depth -= 1 }
        let node = try list(until: closer)
        while case .redirection = next { position += 1 }
        guard next != .pipe else { throw ShellOnly() }
        return node
    }

    private mutating func simple() throws(ShellOnly) -> SimpleCommand {
        var command = SimpleCommand()
        while true {
            switch next {
            case .word(let word): command.words.append(word.text)
            case .redirection(let redirection): command.redirections.append(redirection)
            default: return command
            }
            position += 1
        }
    }
}
