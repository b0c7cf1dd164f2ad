import JSONText

extension TemplateParser {
    /// Reads a pipeline with the token that ends it.
    mutating func pipeline(
        until closing: TemplateToken.Kind, isRange: Bool = false
    ) throws(TemplateProblem) -> TemplatePipeline {
        skipSpaces()
        var pipeline = TemplatePipeline(offset: token.offset)
        try variables(of: &pipeline, isRange: isRange)
        skipSpaces()
        while token.kind != closing {
            pipeline.commands.append(try command())
            skipSpaces()
        }
        guard !pipeline.commands.isEmpty else { throw foreign("a value is missing") }
        for command in pipeline.commands.dropFirst() {
            let isDot = if case .dot = command.first.term { command.first.fields.isEmpty } else { false }
            guard command.first.term.canFollowPipe, !isDot else {
                throw TemplateProblem(.foreign, "what follows '|' is no function", at: command.first.offset)
            }
        }
        index += 1
        return pipeline
    }

    /// Reads `$x :=`, `$x =`, and in a range `$i, $x :=`.
    private mutating func variables(
        of pipeline: inout TemplatePipeline, isRange: Bool
    ) throws(TemplateProblem) {
        while case .variable(let name) = token.kind {
            let start = index
            index += 1
            skipSpaces()
            switch token.kind {
            case .declare, .assign:
                pipeline.assigns = token.kind == .assign
                try declare(name, in: &pipeline)
                return
            case .comma:
                guard isRange, pipeline.variables.isEmpty else { throw foreign("too many variables") }
                try declare(name, in: &pipeline)
                try expectSecondVariable()
            default:
                index = start
                return
            }
        }
    }

    private mutating func declare(_ name: String, in pipeline: inout TemplatePipeline) throws(TemplateProblem) {
        guard variables.count < Self.maximumVariables else {
            throw TemplateProblem(.limit, "more than \(Self.maximumVariables) variables", at: token.offset)
        }
        pipeline.variables.append(name)
        variables.append(name)
        index += 1
    }

    private mutating func expectSecondVariable() throws(TemplateProblem) {
        skipSpaces()
        guard case .variable = token.kind else { throw foreign("expected a second variable") }
    }

    private mutating func command() throws(TemplateProblem) -> TemplateCommand {
        var operands: [TemplateOperand] = []
        reading: while true {
            skipSpaces()
            if let operand = try operand() { operands.append(operand) }
            switch token.kind {
            case .space: index += 1
            case .close, .closeParenthesis: break reading
            case .pipe:
                index += 1
                break reading
            default: throw unexpected("a command")
            }
        }
        guard let first = operands.first else { throw foreign("a command is empty") }
        return TemplateCommand(first: first, arguments: Array(operands.dropFirst()))
    }

    /// Reads a value with the fields behind it; nil when none is next.
    private mutating func operand() throws(TemplateProblem) -> TemplateOperand? {
        let offset = token.offset
        if case .field(let name) = token.kind {
            index += 1
            return TemplateOperand(offset: offset, term: .dot, fields: [name] + fields())
        }
        guard let term = try term() else { return nil }
        let fields = fields()
        switch term {
        case .dot, .literal, .absent:
            guard fields.isEmpty else { throw foreign("a field of what has no fields") }
        default: break
        }
        return TemplateOperand(offset: offset, term: term, fields: fields)
    }

    private mutating func fields() -> [String] {
        var names: [String] = []
        while case .field(let name) = token.kind {
            names.append(name)
            index += 1
        }
        return names
    }

    private mutating func term() throws(TemplateProblem) -> TemplateTerm? {
        let kind = token.kind
        switch kind {
        case .dot: index += 1
        case .literal, .variable: index += 1
        case .word(let word):
            if word != "nil" { return try function(word) }
            index += 1
        case .openParenthesis:
            index += 1
            return .pipeline(try nested { parser throws(TemplateProblem) in try parser.parenthesised() })
        default: return nil
        }
        switch kind {
        case .literal(let value): return .literal(value)
        case .variable(let name):
            guard variables.contains(name) else { throw foreign("there is no variable $\(name)") }
            return .variable(name)
        case .dot: return .dot
        default: return .absent
        }
    }

    private mutating func parenthesised() throws(TemplateProblem) -> TemplatePipeline {
        try pipeline(until: .closeParenthesis)
    }

    private mutating func function(_ name: String) throws(TemplateProblem) -> TemplateTerm? {
        guard !TemplateToken.keywords.contains(name) else { return nil }
        if TemplateFunction.table[name] == nil {
            guard SprigNames.all.contains(name) else { throw foreign("neither Go nor sprig has a function '\(name)'") }
            lack("the function '\(name)'", at: token.offset)
        }
        index += 1
        return .function(name)
    }
}
