import JSONText

/// A function that templates call.
struct TemplateFunction: Sendable {
    /// How many arguments it takes.
    var arguments: ClosedRange<Int>
    /// The truth of an argument that is the result at once; nil when all count.
    var endsAt: Bool?
    var body: @Sendable (TemplateArguments) throws(TemplateProblem) -> JSONValue

    init(
        _ arguments: ClosedRange<Int>, endsAt: Bool? = nil,
        _ body: @escaping @Sendable (TemplateArguments) throws(TemplateProblem) -> JSONValue
    ) {
        self.arguments = arguments
        self.endsAt = endsAt
        self.body = body
    }

    /// As many arguments as the steps allow.
    static let many = Template.maximumSteps

    /// All functions by name.
    static let table = [logic, comparisons, texts, searches, collections, conversions, draws]
        .reduce(into: [:]) { $0.merge($1) { one, _ in one } }
}

/// Hands a function its arguments, of the kinds that it asks for.
struct TemplateArguments {
    var values: [JSONValue]
    var surroundings: TemplateSurroundings

    /// The argument, or null beyond the last.
    subscript(index: Int) -> JSONValue { values.indices.contains(index) ? values[index] : .null }

    func text(_ index: Int) throws(TemplateProblem) -> String {
        guard case .string(let text) = self[index] else { throw unfit(index, "a text") }
        return text
    }

    func bytes(_ index: Int) throws(TemplateProblem) -> [UInt8] { Array(try text(index).utf8) }

    /// An integer; a whole number counts as one, since facts from JSON are `float64` in Go.
    func integer(_ index: Int) throws(TemplateProblem) -> Int {
        switch self[index] {
        case .integer(let value): return Int(value)
        case .number(let value):
            guard let integer = Int(exactly: value) else { throw unfit(index, "a whole number") }
            return integer
        default: throw unfit(index, "a whole number")
        }
    }

    /// A count that a result of ours can have.
    func count(_ index: Int) throws(TemplateProblem) -> Int {
        let count = try integer(index)
        guard count >= 0 else { throw TemplateProblem(.failed, "a count is negative") }
        guard count <= Template.maximumOutput else { throw TemplateProblem(.limit, "a count is too large") }
        return count
    }

    func bool(_ index: Int) throws(TemplateProblem) -> Bool {
        guard case .bool(let value) = self[index] else { throw unfit(index, "true or false") }
        return value
    }

    func list(_ index: Int) throws(TemplateProblem) -> [JSONValue] {
        guard case .array(let elements) = self[index] else { throw unfit(index, "a list") }
        return elements
    }

    func object(_ index: Int) throws(TemplateProblem) -> JSONObject {
        if self[index] == .null { return JSONObject() }
        guard case .object(let object) = self[index] else { throw unfit(index, "a map") }
        return object
    }

    private func unfit(_ index: Int, _ wanted: String) -> TemplateProblem {
        TemplateProblem(.failed, "argument \(index + 1) is \(self[index].kindWords), and must be \(wanted)")
    }
}
