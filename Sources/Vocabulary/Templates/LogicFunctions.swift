import JSONText

extension TemplateFunction {
    /// Choosing between values.
    static let logic: [String: TemplateFunction] = [
        "and": .init(1...many, endsAt: false) { arguments in arguments.values.last ?? .null },
        "or": .init(1...many, endsAt: true) { arguments in arguments.values.last ?? .null },
        "not": .init(1...1) { arguments in .bool(!arguments[0].isTrue) },
        "default": .init(1...many) { arguments in arguments[1].isTrue ? arguments[1] : arguments[0] },
        "empty": .init(1...1) { arguments in .bool(!arguments[0].isTrue) },
        "coalesce": .init(0...many) { arguments in arguments.values.first(where: \.isTrue) ?? .null },
        "ternary": .init(3...3) { arguments throws(TemplateProblem) in
            try arguments.bool(2) ? arguments[0] : arguments[1]
        },
        "required": .init(2...2) { arguments throws(TemplateProblem) in
            let message = try arguments.text(0)
            guard arguments[1] != .null, arguments[1] != "" else { throw TemplateProblem(.failed, message) }
            return arguments[1]
        },
    ]

    /// Comparing values.
    static let comparisons: [String: TemplateFunction] = [
        "eq": .init(2...many) { arguments throws(TemplateProblem) in
            for other in arguments.values.dropFirst() where try TemplateComparison.areEqual(arguments[0], other) {
                return true
            }
            return false
        },
        "ne": .init(2...2) { arguments throws(TemplateProblem) in
            .bool(try !TemplateComparison.areEqual(arguments[0], arguments[1]))
        },
        "lt": .init(2...2) { arguments throws(TemplateProblem) in
            .bool(try TemplateComparison.isLess(arguments[0], arguments[1]))
        },
        "ge": .init(2...2) { arguments throws(TemplateProblem) in
            .bool(try !TemplateComparison.isLess(arguments[0], arguments[1]))
        },
        "gt": .init(2...2) { arguments throws(TemplateProblem) in
            .bool(try TemplateComparison.isLess(arguments[1], arguments[0]))
        },
        "le": .init(2...2) { arguments throws(TemplateProblem) in
            .bool(try !TemplateComparison.isLess(arguments[1], arguments[0]))
        },
    ]
}
