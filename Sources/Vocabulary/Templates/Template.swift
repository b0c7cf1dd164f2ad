package import JSONText

/// Holds a template in the grammar of Go's text/template, with those functions of Go and sprig that it needs.
///
/// Integers of the data are Go's `int`, other numbers `float64`. Where Go refuses a value only for a type that JSON
/// does not have (an `int` beside a whole `float64`), it is taken. A text is never cut inside a character: what `trunc`
/// and `substr` leave of one is dropped.
package struct Template: Sendable {
    /// The largest template text, in bytes.
    package static let maximumText = 1 << 20
    /// The largest result and the largest value between, in bytes.
    package static let maximumOutput = 64 << 10
    /// The most steps of one rendering: actions, operands, and each KiB that a function works on.
    package static let maximumSteps = 10_000
    /// The deepest nesting of blocks, of parentheses and of values.
    package static let maximumDepth = 64

    private let bytes: [UInt8]
    private let nodes: [TemplateNode]
    private let reads: [TemplatePath]

    /// Reads a template.
    ///
    /// - Throws: `TemplateError` of kind `foreign`, `unsupported` or `limit`. A text that is foreign in one place is
    ///   foreign, whatever it lacks in others, as Go parses the whole first.
    package init(parsing text: String) throws(TemplateError) {
        let bytes = Array(text.utf8)
        do throws(TemplateProblem) {
            guard bytes.count <= Self.maximumText else {
                throw TemplateProblem(.limit, "the template is larger than \(Self.maximumText) bytes", at: 0)
            }
            var parser = TemplateParser(tokens: try TemplateLexer.tokens(of: bytes))
            nodes = try parser.template()
        } catch { throw TemplateError(error, in: bytes) }
        self.bytes = bytes
        reads = TemplatePaths.read(by: nodes)
    }

    /// The dotted paths of the root that the template may read, each once; one stands for all that lies below it.
    package var fields: [[String]] {
        var seen: Set<[String]> = []
        return reads.map(\.names).filter { seen.insert($0).inserted }
    }

    /// Fills in the data.
    ///
    /// - Throws: `TemplateError` of kind `unknownField`, `unsupported`, `failed` or `limit`.
    package func render(
        _ data: JSONValue, _ surroundings: TemplateSurroundings
    ) throws(TemplateError) -> String {
        do throws(TemplateProblem) {
            for path in reads { try Self.check(path, data) }
            var renderer = TemplateRenderer(root: data, surroundings: surroundings)
            _ = try renderer.walk(nodes, dot: data)
            return String(decoding: renderer.output, as: UTF8.self)
        } catch { throw TemplateError(error, in: bytes) }
    }

    /// Says whether a text has `{{` at all, so that most texts need no parser.
    package static func occurs(in text: String) -> Bool {
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "{"), previous == byte { return true }
            previous = byte
        }
        return false
    }

    private static func check(_ path: TemplatePath, _ data: JSONValue) throws(TemplateProblem) {
        guard let name = path.names.first, data[name] == nil else { return }
        let known = (data.object?.members ?? []).map { ".\($0.name)" }.joined(separator: ", ")
        let literally = "write {{ \"{{\" }} where the text itself shall have two braces"
        throw TemplateProblem(
            .unknownField, "there is no field .\(name); the fields are \(known); \(literally)", at: path.offset)
    }
}

/// Gives a template what it does not compute itself.
package struct TemplateSurroundings: Sendable {
    /// Draws that many random bytes.
    package var random: @Sendable (Int) -> [UInt8]
    /// Hashes with SHA-256.
    package var sha256: @Sendable ([UInt8]) -> [UInt8]
    /// The variables that `env` may read, with their values; any other name is an error.
    package var environment: [String: String]

    /// Makes the surroundings of a rendering.
    package init(
        random: @escaping @Sendable (Int) -> [UInt8], sha256: @escaping @Sendable ([UInt8]) -> [UInt8],
        environment: [String: String] = [:]
    ) {
        self.random = random
        self.sha256 = sha256
        self.environment = environment
    }
}
