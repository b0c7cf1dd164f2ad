/// A path of the root that a template reads.
struct TemplatePath: Sendable {
    var names: [String]
    var offset: Int
}

/// Finds what a template reads of its root, without data.
///
/// A path is a prefix of all that can be read through it, so what a variable or `range` holds needs no following.
struct TemplatePaths {
    /// The most names of a path: far more than any fact has, few enough for a template of only long paths.
    static let maximumNames = 16

    private var paths: [TemplatePath] = []

    static func read(by nodes: [TemplateNode]) -> [TemplatePath] {
        var reader = TemplatePaths()
        reader.visit(nodes, dot: [])
        return reader.paths
    }

    /// Visits pieces in which the dot is a path of the root, or (nil) something else.
    private mutating func visit(_ nodes: [TemplateNode], dot: [String]?) {
        for node in nodes {
            switch node {
            case .text, .leaveLoop, .nextTurn: break
            case .action(let pipeline): visit(pipeline, dot: dot)
            case .choice(let branches, let otherwise):
                for branch in branches {
                    visit(branch.pipeline, dot: dot)
                    visit(branch.body, dot: dot)
                }
                visit(otherwise, dot: dot)
            case .with(let branch, let otherwise):
                visit(branch.pipeline, dot: dot)
                visit(branch.body, dot: Self.path(of: branch.pipeline, dot: dot))
                visit(otherwise, dot: dot)
            case .range(let branch, let otherwise):
                visit(branch.pipeline, dot: dot)
                visit(branch.body, dot: nil)
                visit(otherwise, dot: dot)
            }
        }
    }

    private mutating func visit(_ pipeline: TemplatePipeline, dot: [String]?) {
        for command in pipeline.commands {
            for operand in [command.first] + command.arguments {
                if case .pipeline(let inner) = operand.term { visit(inner, dot: dot) }
                guard let names = Self.path(of: operand, dot: dot) else { continue }
                paths.append(TemplatePath(names: names, offset: operand.offset))
            }
        }
    }

    private static func path(of pipeline: TemplatePipeline, dot: [String]?) -> [String]? {
        guard pipeline.commands.count == 1, let command = pipeline.commands.first, command.arguments.isEmpty
        else { return nil }
        return path(of: command.first, dot: dot)
    }

    private static func path(of operand: TemplateOperand, dot: [String]?) -> [String]? {
        switch operand.term {
        case .dot: dot.map { Array(($0 + operand.fields).prefix(maximumNames)) }
        case .variable(""): Array(operand.fields.prefix(maximumNames))
        default: nil
        }
    }
}
