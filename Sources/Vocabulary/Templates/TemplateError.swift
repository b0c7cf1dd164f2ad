/// Says what is wrong with a template, and where in its text.
package struct TemplateError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What a caller can do about it.
    package enum Kind: Hashable, Sendable {
        /// Neither Go nor sprig has this syntax or function: the text is for another program and is kept as it is.
        case foreign
        /// Go or sprig has this form or function, this engine does not.
        case unsupported
        /// The template names a field of its root that the data does not have.
        case unknownField
        /// A value does not fit, or the template itself fails with `required`.
        case failed
        /// The template is larger, longer or deeper than allowed.
        case limit
    }

    /// What a caller can do about it.
    package var kind: Kind
    /// Line in the text, from 1.
    package var line: Int
    /// Column in bytes, from 1.
    package var column: Int
    /// What was found, without a full stop.
    package var reason: String

    /// One line: place and reason.
    package var description: String { "line \(line), column \(column): \(reason)" }

    init(_ problem: TemplateProblem, in bytes: [UInt8]) {
        let before = bytes.prefix(max(0, problem.offset ?? 0))
        kind = problem.kind
        line = before.count { $0 == 0x0A } + 1
        column = before.count - ((before.lastIndex(of: 0x0A) ?? -1) + 1) + 1
        reason = problem.reason
    }
}

/// Holds what is wrong until its line and column are counted; a function does not know its place.
struct TemplateProblem: Error {
    var kind: TemplateError.Kind
    var reason: String
    var offset: Int?

    init(_ kind: TemplateError.Kind, _ reason: String, at offset: Int? = nil) {
        self.kind = kind
        self.reason = reason
        self.offset = offset
    }

    /// Adds the place, unless there is one already.
    func at(_ offset: Int) -> TemplateProblem { TemplateProblem(kind, reason, at: self.offset ?? offset) }
}
