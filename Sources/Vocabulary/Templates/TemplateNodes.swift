import JSONText

/// One piece of a template.
indirect enum TemplateNode: Sendable {
    case text(ArraySlice<UInt8>)
    case action(TemplatePipeline)
    case choice([TemplateBranch], otherwise: [TemplateNode])
    case with(TemplateBranch, otherwise: [TemplateNode])
    case range(TemplateBranch, otherwise: [TemplateNode])
    case leaveLoop
    case nextTurn
}

/// What is done when a value is true: `if`, `else if`, and the bodies of `with` and `range`.
struct TemplateBranch: Sendable {
    var pipeline: TemplatePipeline
    var body: [TemplateNode]
}

/// Commands, of which each gets the value of the one before as its last argument.
struct TemplatePipeline: Sendable {
    var offset: Int
    /// Variables that take the value, without their `$`.
    var variables: [String] = []
    /// Whether these exist already (`=`), or begin here (`:=`).
    var assigns = false
    var commands: [TemplateCommand] = []
}

/// A function with its arguments, or one value.
struct TemplateCommand: Sendable {
    var first: TemplateOperand
    var arguments: [TemplateOperand] = []
}

/// A value, or a field of it.
struct TemplateOperand: Sendable {
    var offset: Int
    var term: TemplateTerm
    var fields: [String] = []

    /// The function that the operand is, unless it is a field of its result.
    var function: String? { if case .function(let name) = term, fields.isEmpty { name } else { nil } }
}

/// What an operand begins with.
indirect enum TemplateTerm: Sendable {
    case dot
    case variable(String)
    case literal(JSONValue)
    case absent
    case function(String)
    case pipeline(TemplatePipeline)

    /// Whether this can stand after `|` as far as Go's parser cares.
    var canFollowPipe: Bool {
        switch self {
        case .literal, .absent: false
        case .dot, .variable, .function, .pipeline: true
        }
    }
}
