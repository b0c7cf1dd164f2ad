import JSONText

/// Walks through a template and writes; one instance renders once.
struct TemplateRenderer {
    let root: JSONValue
    let surroundings: TemplateSurroundings
    private(set) var output: [UInt8] = []
    private var steps = 0
    private(set) var variables: [(name: String, value: JSONValue)]

    /// What comes after a piece.
    enum Flow { case on, leaveLoop, nextTurn }

    init(root: JSONValue, surroundings: TemplateSurroundings) {
        self.root = root
        self.surroundings = surroundings
        variables = [("", root)]
    }

    /// Counts work.
    mutating func work(_ count: Int = 1, at offset: Int) throws(TemplateProblem) {
        steps += count
        guard steps <= Template.maximumSteps else {
            throw TemplateProblem(.limit, "the template takes more than \(Template.maximumSteps) steps", at: offset)
        }
    }

    mutating func walk(_ nodes: [TemplateNode], dot: JSONValue) throws(TemplateProblem) -> Flow {
        for node in nodes {
            let flow = try walk(node, dot: dot)
            guard flow == .on else { return flow }
        }
        return .on
    }

    private mutating func walk(_ node: TemplateNode, dot: JSONValue) throws(TemplateProblem) -> Flow {
        switch node {
        case .text(let text): try write(text, at: text.startIndex)
        case .action(let pipeline): try print(pipeline, dot: dot)
        case .choice(let branches, let otherwise): return try choose(branches, otherwise, dot: dot)
        case .with(let branch, let otherwise):
            let mark = variables.count
            defer { variables.removeLast(variables.count - mark) }
            let value = try value(of: branch.pipeline, dot: dot)
            return value.isTrue ? try walk(branch.body, dot: value) : try walk(otherwise, dot: dot)
        case .range(let branch, let otherwise): return try loop(branch, otherwise, dot: dot)
        case .leaveLoop: return .leaveLoop
        case .nextTurn: return .nextTurn
        }
        return .on
    }

    private mutating func write(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(TemplateProblem) {
        try work(at: offset)
        guard output.count + bytes.count <= Template.maximumOutput else {
            throw TemplateProblem(.limit, "the result is larger than \(Template.maximumOutput) bytes", at: offset)
        }
        output += bytes
    }

    private mutating func print(_ pipeline: TemplatePipeline, dot: JSONValue) throws(TemplateProblem) {
        let value = try value(of: pipeline, dot: dot)
        guard pipeline.variables.isEmpty else { return }
        do throws(TemplateProblem) {
            let text = value == .null ? Array("<no value>".utf8) : try GoText.plain(value)
            try write(text[...], at: pipeline.offset)
        } catch { throw error.at(pipeline.offset) }
    }

    private mutating func choose(
        _ branches: [TemplateBranch], _ otherwise: [TemplateNode], dot: JSONValue
    ) throws(TemplateProblem) -> Flow {
        let mark = variables.count
        defer { variables.removeLast(variables.count - mark) }
        for branch in branches where try value(of: branch.pipeline, dot: dot).isTrue {
            return try walk(branch.body, dot: dot)
        }
        return try walk(otherwise, dot: dot)
    }

    private mutating func loop(
        _ branch: TemplateBranch, _ otherwise: [TemplateNode], dot: JSONValue
    ) throws(TemplateProblem) -> Flow {
        let before = variables.count
        defer { variables.removeLast(variables.count - before) }
        let value = try value(of: branch.pipeline, dot: dot)
        guard let turns = Self.turns(of: value) else {
            throw TemplateProblem(.failed, "range cannot go over \(value.kindWords)", at: branch.pipeline.offset)
        }
        guard !turns.isEmpty else { return try walk(otherwise, dot: dot) }
        try work(turns.count, at: branch.pipeline.offset)
        let mark = variables.count
        for (index, element) in turns {
            try take(index, element, branch.pipeline)
            let flow = try walk(branch.body, dot: element)
            variables.removeLast(variables.count - mark)
            if flow == .leaveLoop { break }
        }
        return .on
    }

    /// The turns of a loop with what they are counted by; nil for what has no elements.
    private static func turns(of value: JSONValue) -> [(JSONValue, JSONValue)]? {
        switch value {
        case .null: []
        case .array(let elements): elements.enumerated().map { (.integer(Int64($0)), $1) }
        case .object(let object): object.sorted.map { (.string($0.name), $0.value) }
        default: nil
        }
    }

    /// Gives a turn's values to the variables of the loop: the last one gets the element.
    private mutating func take(
        _ index: JSONValue, _ element: JSONValue, _ pipeline: TemplatePipeline
    ) throws(TemplateProblem) {
        let values = pipeline.variables.count > 1 ? [index, element] : [element]
        for (name, value) in zip(pipeline.variables, values) { try assign(name, value, at: pipeline.offset) }
    }

    mutating func begin(_ name: String, _ value: JSONValue) { variables.append((name, value)) }

    mutating func assign(_ name: String, _ value: JSONValue, at offset: Int) throws(TemplateProblem) {
        guard let place = variables.lastIndex(where: { $0.name == name }) else {
            throw TemplateProblem(.failed, "there is no variable $\(name)", at: offset)
        }
        variables[place].value = value
    }
}
