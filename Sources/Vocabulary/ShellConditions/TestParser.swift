/// Reads the arguments of `test`.
///
/// Up to four of them mean what POSIX says for their number; more are joined by precedence.
///
/// Where shells differ, because an operand looks like an operator, it is left to them.
struct TestParser {
    /// The deepest nesting of parentheses and negations.
    private static let maximumDepth = 32

    private let arguments: [String]
    private var position = 0
    private var depth = 0

    private init(_ arguments: [String]) { self.arguments = arguments }

    static func expression(of arguments: [String]) throws(ShellOnly) -> TestExpression {
        // dash counts two negations as one.
        guard arguments.count < 3 || !zip(arguments, arguments.dropFirst()).contains(where: { $0 == "!" && $1 == "!" })
        else { throw ShellOnly() }
        switch arguments.count {
        case 0: return .constant(false)
        case 1: return .constant(!arguments[0].isEmpty)
        case 2: return try two(arguments)
        case 3: return try three(arguments)
        case 4 where arguments[0] == "!": return .not(try three(Array(arguments.dropFirst())))
        case 4 where arguments[0] == "(" && arguments[3] == ")": return try two(Array(arguments[1...2]))
        default: return try joined(arguments)
        }
    }

    private static func two(_ arguments: [String]) throws(ShellOnly) -> TestExpression {
        if arguments[0] == "!" { return .constant(arguments[1].isEmpty) }
        return try unary(arguments[0], arguments[1])
    }

    private static func three(_ arguments: [String]) throws(ShellOnly) -> TestExpression {
        if let comparison = binary(arguments[0], arguments[1], arguments[2]) { return comparison }
        // Some shells take these for operators here, and some do not.
        if arguments[1] == "-a" || arguments[1] == "-o" { return try joined(arguments) }
        if arguments[0] == "!" { return .not(try two(Array(arguments.dropFirst()))) }
        guard arguments[0] == "(", arguments[2] == ")" else { throw ShellOnly() }
        return .constant(!arguments[1].isEmpty)
    }

    private static func unary(_ name: String, _ operand: String) throws(ShellOnly) -> TestExpression {
        switch name {
        case "-n": return .constant(!operand.isEmpty)
        case "-z": return .constant(operand.isEmpty)
        default:
            guard let question = FileQuestion(rawValue: name) else { throw ShellOnly() }
            return .file(question, try ConditionPath(operand))
        }
    }

    private static func binary(_ left: String, _ name: String, _ right: String) -> TestExpression? {
        switch name {
        case "=": .constant(left == right)
        case "!=": .constant(left != right)
        default: nil
        }
    }

    private static func joined(_ arguments: [String]) throws(ShellOnly) -> TestExpression {
        var parser = TestParser(arguments)
        let expression = try parser.any()
        guard parser.position == arguments.count else { throw ShellOnly() }
        return expression
    }

    private var next: String? { position < arguments.count ? arguments[position] : nil }

    private mutating func take(_ word: String) -> Bool {
        guard next == word else { return false }
        position += 1
        return true
    }

    private mutating func any() throws(ShellOnly) -> TestExpression {
        var parts = [try all()]
        while take("-o") { parts.append(try all()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func all() throws(ShellOnly) -> TestExpression {
        var parts = [try primary()]
        while take("-a") { parts.append(try primary()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func primary() throws(ShellOnly) -> TestExpression {
        guard depth < Self.maximumDepth else { throw ShellOnly() }
        depth += 1
        defer { depth -= 1 }
        if take("!") { return .not(try primary()) }
        if take("(") {
            let inner = try any()
            guard take(")") else { throw ShellOnly() }
            return inner
        }
        if let name = next, name.hasPrefix("-") {
            position += 1
            return try Self.unary(name, try operand())
        }
        let left = try operand()
        guard let name = next, name == "=" || name == "!=" else { return .constant(!left.isEmpty) }
        position += 1
        return .constant((left == (try operand())) == (name == "="))
    }

    /// Takes a word that no shell can take for an operator.
    private mutating func operand() throws(ShellOnly) -> String {
        guard let word = next, !word.hasPrefix("-"), !["!", "(", ")", "=", "==", "!=", "<", ">", "=~"].contains(word)
        else { throw ShellOnly() }
        position += 1
        return word
    }
}
