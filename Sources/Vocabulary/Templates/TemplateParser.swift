import JSONText

/// Makes pieces of tokens; one instance reads one template.
struct TemplateParser {
    /// The most variables at one place; searching them stays cheap.
    static let maximumVariables = 200

    let tokens: [TemplateToken]
    var index = 0
    private var depth = 0
    private var loops = 0
    var variables = [""]
    /// The first form or function of Go or sprig that is not here.
    private(set) var lacking: TemplateProblem?

    init(tokens: [TemplateToken]) { self.tokens = tokens }

    /// The token at the index; the last one is `end` and never passed.
    var token: TemplateToken {
        index < tokens.count ? tokens[index] : TemplateToken(kind: .end, offset: tokens.last?.offset ?? 0)
    }

    func foreign(_ reason: String) -> TemplateProblem { TemplateProblem(.foreign, reason, at: token.offset) }

    func unexpected(_ place: String) -> TemplateProblem { foreign("unexpected \(token.words) in \(place)") }

    mutating func lack(_ what: String, at offset: Int) {
        lacking = lacking ?? TemplateProblem(.unsupported, "\(what) is not supported", at: offset)
    }

    mutating func skipSpaces() { while token.kind == .space { index += 1 } }

    mutating func expectClose(_ place: String) throws(TemplateProblem) {
        skipSpaces()
        guard token.kind == .close else { throw unexpected(place) }
        index += 1
    }

    mutating func template() throws(TemplateProblem) -> [TemplateNode] {
        let (nodes, _) = try list(isOutermost: true)
        if let lacking { throw lacking }
        return nodes
    }

    /// What ended a list.
    private enum Ending { case text, end, otherwise }

    private mutating func list(isOutermost: Bool = false) throws(TemplateProblem) -> ([TemplateNode], Ending) {
        var nodes: [TemplateNode] = []
        while true {
            switch token.kind {
            case .text(let text):
                nodes.append(.text(text))
                index += 1
            case .open:
                index += 1
                skipSpaces()
                if let ending = try ending(isOutermost: isOutermost) { return (nodes, ending) }
                if let node = try action(isOutermost: isOutermost) { nodes.append(node) }
            default:
                guard isOutermost, token.kind == .end else { throw foreign("{{end}} is missing") }
                return (nodes, .text)
            }
        }
    }

    private mutating func ending(isOutermost: Bool) throws(TemplateProblem) -> Ending? {
        guard token.kind == .word("end") || token.kind == .word("else") else { return nil }
        guard !isOutermost else { throw unexpected("the template") }
        let isEnd = token.kind == .word("end")
        index += 1
        skipSpaces()
        if isEnd || token.kind != .word("if") { try expectClose("end or else") }
        return isEnd ? .end : .otherwise
    }

    /// Reads what follows `{{`; nil for what leaves nothing.
    private mutating func action(isOutermost: Bool) throws(TemplateProblem) -> TemplateNode? {
        let offset = token.offset
        guard case .word(let word) = token.kind, TemplateToken.keywords.contains(word), word != "nil" else {
            return .action(try pipeline(until: .close))
        }
        index += 1
        switch word {
        case "if": return try nested { parser throws(TemplateProblem) in try parser.choice() }
        case "with": return try nested { parser throws(TemplateProblem) in try parser.with() }
        case "range": return try nested { parser throws(TemplateProblem) in try parser.range() }
        case "break", "continue": return try jump(word)
        case "define" where !isOutermost: throw foreign("define inside of a block")
        default:
            lack("{{\(word)}}", at: offset)
            try nested { parser throws(TemplateProblem) in try parser.passOver(word) }
            return nil
        }
    }

    /// Goes one level deeper, and forgets the variables that begin there.
    mutating func nested<Value>(
        _ body: (inout TemplateParser) throws(TemplateProblem) -> Value
    ) throws(TemplateProblem) -> Value {
        guard depth < Template.maximumDepth else {
            throw TemplateProblem(.limit, "nested deeper than \(Template.maximumDepth)", at: token.offset)
        }
        let before = variables
        depth += 1
        defer {
            depth -= 1
            variables = before
        }
        return try body(&self)
    }

    private mutating func choice() throws(TemplateProblem) -> TemplateNode {
        var branches: [TemplateBranch] = []
        while true {
            let pipeline = try pipeline(until: .close)
            let (body, ending) = try list()
            branches.append(TemplateBranch(pipeline: pipeline, body: body))
            guard ending == .otherwise else { return .choice(branches, otherwise: []) }
            guard token.kind == .word("if") else { return .choice(branches, otherwise: try otherwise()) }
            index += 1
        }
    }

    private mutating func otherwise() throws(TemplateProblem) -> [TemplateNode] {
        let (nodes, ending) = try list()
        guard ending == .end else { throw foreign("expected {{end}}, found another {{else}}") }
        return nodes
    }

    private mutating func with() throws(TemplateProblem) -> TemplateNode {
        let pipeline = try pipeline(until: .close)
        let (body, ending) = try list()
        return .with(
            TemplateBranch(pipeline: pipeline, body: body), otherwise: ending == .otherwise ? try otherwise() : [])
    }

    private mutating func range() throws(TemplateProblem) -> TemplateNode {
        let pipeline = try pipeline(until: .close, isRange: true)
        loops += 1
        let (body, ending) = try list()
        loops -= 1
        return .range(
            TemplateBranch(pipeline: pipeline, body: body), otherwise: ending == .otherwise ? try otherwise() : [])
    }

    private mutating func jump(_ word: String) throws(TemplateProblem) -> TemplateNode {
        try expectClose(word)
        guard loops > 0 else { throw foreign("{{\(word)}} outside of {{range}}") }
        return word == "break" ? .leaveLoop : .nextTurn
    }

    /// Reads a form that is not supported, since the text may be foreign further on.
    private mutating func passOver(_ word: String) throws(TemplateProblem) {
        skipSpaces()
        guard case .literal(.string) = token.kind else { throw unexpected(word) }
        index += 1
        skipSpaces()
        switch (word, token.kind) {
        case ("define", _): try expectClose(word)
        case ("template", .close): index += 1
        default: _ = try pipeline(until: .close)
        }
        guard word != "template" else { return }
        variables = [""]
        _ = try otherwise()
    }
}
