import JSONText

extension TemplateRenderer {
    /// Evaluates a pipeline and gives its value to its variables.
    mutating func value(of pipeline: TemplatePipeline, dot: JSONValue) throws(TemplateProblem) -> JSONValue {
        var value: JSONValue?
        for command in pipeline.commands { value = try self.value(of: command, dot: dot, piped: value) }
        let result = value ?? .null
        for name in pipeline.variables {
            if pipeline.assigns {
                try assign(name, result, at: pipeline.offset)
            } else {
                begin(name, result)
            }
        }
        return result
    }

    private mutating func value(
        of command: TemplateCommand, dot: JSONValue, piped: JSONValue?
    ) throws(TemplateProblem) -> JSONValue {
        if let name = command.first.function {
            return try call(name, command.arguments, dot: dot, piped: piped, at: command.first.offset)
        }
        guard command.arguments.isEmpty, piped == nil else {
            throw TemplateProblem(.failed, "an argument for what is no function", at: command.first.offset)
        }
        if case .absent = command.first.term {
            throw TemplateProblem(.failed, "nil alone has no value to show", at: command.first.offset)
        }
        return try self.value(of: command.first, dot: dot)
    }

    private mutating func value(
        of operand: TemplateOperand, dot: JSONValue
    ) throws(TemplateProblem) -> JSONValue {
        try work(1 + operand.fields.count, at: operand.offset)
        var value = try value(of: operand.term, dot: dot, at: operand.offset)
        for name in operand.fields { value = try field(name, of: value, at: operand.offset) }
        return value
    }

    private mutating func value(
        of term: TemplateTerm, dot: JSONValue, at offset: Int
    ) throws(TemplateProblem) -> JSONValue {
        switch term {
        case .dot: return dot
        case .literal(let value): return value
        case .absent: return .null
        case .function(let name): return try call(name, [], dot: dot, piped: nil, at: offset)
        case .pipeline(let pipeline): return try value(of: pipeline, dot: dot)
        case .variable(let name):
            if let variable = variables.last(where: { $0.name == name }) { return variable.value }
            throw TemplateProblem(.failed, "the variable $\(name) has no value here", at: offset)
        }
    }

    /// Takes a field; what is not there has none either, as in Go.
    private func field(_ name: String, of value: JSONValue, at offset: Int) throws(TemplateProblem) -> JSONValue {
        switch value {
        case .null: return .null
        case .object(let object): return object[name] ?? .null
        default: throw TemplateProblem(.failed, "\(value.kindWords) has no field .\(name)", at: offset)
        }
    }

    private mutating func call(
        _ name: String, _ operands: [TemplateOperand], dot: JSONValue, piped: JSONValue?, at offset: Int
    ) throws(TemplateProblem) -> JSONValue {
        let count = operands.count + (piped == nil ? 0 : 1)
        guard let function = TemplateFunction.table[name], function.arguments.contains(count) else {
            throw TemplateProblem(.failed, "the function '\(name)' does not take \(count) arguments", at: offset)
        }
        try work(at: offset)
        var values: [JSONValue] = []
        for operand in operands {
            let value = try value(of: operand, dot: dot)
            values.append(value)
            // and, or: what follows is not evaluated once the result is known.
            if let decisive = function.endsAt, value.isTrue == decisive { return value }
        }
        if let piped { values.append(piped) }
        return try run(function, name, values, at: offset)
    }

    private mutating func run(
        _ function: TemplateFunction, _ name: String, _ values: [JSONValue], at offset: Int
    ) throws(TemplateProblem) -> JSONValue {
        do throws(TemplateProblem) {
            var size = 0
            for value in values { size += value.extent }
            try work(size / 1024, at: offset)
            let result = try function.body(TemplateArguments(values: values, surroundings: surroundings))
            try work(try result.size() / 1024, at: offset)
            return result
        } catch {
            let named = error.kind == .limit ? error : TemplateProblem(error.kind, "\(name): \(error.reason)")
            throw (error.offset == nil ? named : error).at(offset)
        }
    }
}
