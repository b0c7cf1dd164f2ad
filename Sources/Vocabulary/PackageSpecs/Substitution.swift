import DocumentTree
import RegistryModel

/// What `${…}` stands for in the texts of one file, and which of it was used.
///
/// Known are `${name}`, `${version}`, `${values.NAME}` and `${env:NAME}`; `$${` is written for a `${` that stays.
struct Substitution {
    /// Whose `${…}` it may be besides ours.
    enum Language {
        /// Nobody's: an unknown one is an error.
        case text
        /// The shell's, or a Containerfile's: an unknown one stays as it is.
        case shell
    }

    /// What all texts of a file may get by substitution in bytes: few letters can stand for a long value.
    static let budget = 4 << 20
    /// The longest `${…}`, so that looking for the end of many does not take the square of the text's length.
    private static let expressionLimit = 256

    /// What `${name}` and `${version}` are, as far as that is known.
    var names: [String: String] = [:]
    /// What the values are; nil where none may be put in.
    let values: [String: SpecValue]?
    private let environment: [String: String]
    /// The values that were used so far.
    private(set) var usedValues: [String: SpecValue] = [:]
    /// The variables that were used so far, with the place of the first use.
    private(set) var usedVariables: [(name: String, mark: DocumentMark)] = []
    /// What was put in so far, in bytes.
    private(set) var inserted: Int
    /// Whether a condition asked for the architecture.
    var usesArchitecture = false

    init(values: [String: SpecValue]?, environment: [String: String], inserted: Int = 0) {
        self.values = values
        self.environment = environment
        self.inserted = inserted
    }

    /// Puts in what a text asks for.
    ///
    /// - Throws: `DocumentError` at the text's place.
    mutating func expand(
        _ text: String, at mark: DocumentMark, as language: Language = .text
    ) throws(DocumentError) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while let dollar = bytes[index...].firstIndex(of: UInt8(ascii: "$")) {
            result += bytes[index..<dollar]
            index = try take(bytes[dollar...], into: &result, at: mark, as: language)
        }
        if index == 0 { return text }
        return String(decoding: result + bytes[index...], as: UTF8.self)
    }

    /// Takes what begins with a dollar, and returns where the text goes on.
    private mutating func take(
        _ rest: ArraySlice<UInt8>, into result: inout [UInt8], at mark: DocumentMark, as language: Language
    ) throws(DocumentError) -> Int {
        if rest.starts(with: "$${".utf8) {
            result += Array("${".utf8)
            return rest.startIndex + 3
        }
        guard rest.starts(with: "${".utf8) else {
            result.append(UInt8(ascii: "$"))
            return rest.startIndex + 1
        }
        let inside = rest.dropFirst(2).prefix(Self.expressionLimit).prefix {
            isWordByte($0) || "._:-".utf8.contains($0)
        }
        let isClosed = inside.endIndex < rest.endIndex && rest[inside.endIndex] == UInt8(ascii: "}")
        let expression = String(decoding: inside, as: UTF8.self)
        guard let value = try value(of: expression, isClosed: isClosed, at: mark, as: language) else {
            result += Array("${".utf8)
            return inside.startIndex
        }
        inserted += value.utf8.count
        guard inserted <= Self.budget else {
            throw DocumentError(at: mark, "the values in this file add up to more than \(Self.budget) bytes")
        }
        result += Array(value.utf8)
        return inside.endIndex + 1
    }

    /// What an expression stands for; nil for one that belongs to the shell.
    private mutating func value(
        of expression: String, isClosed: Bool, at mark: DocumentMark, as language: Language
    ) throws(DocumentError) -> String? {
        let isOurs = ["values.", "env:"].contains { expression.hasPrefix($0) }
        guard isClosed else {
            if language == .shell, !isOurs { return nil }
            throw DocumentError(
                at: mark, "behind '${\(shown(expression))' there must be '}'; write $${ for a '${' that stays")
        }
        if let text = names[expression] { return text }
        if expression.hasPrefix("values.") { return try value(String(expression.dropFirst(7)), at: mark) }
        if expression.hasPrefix("env:") { return try variable(String(expression.dropFirst(4)), at: mark) }
        if let meant = Self.meant(by: expression) {
            throw DocumentError(at: mark, "there is no ${\(shown(expression))}; did you mean ${\(shown(meant))}?")
        }
        if language == .shell { return nil }
        if expression == "name" || expression == "version" {
            throw DocumentError(at: mark, "${\(expression)} is not known here")
        }
        throw DocumentError(
            at: mark,
            "there is no ${\(shown(expression))}; known are ${name}, ${version}, ${values.NAME} and ${env:NAME}, and "
                + "$${ is written for a '${' that stays")
    }

    /// The value of a name; it counts as used.
    mutating func value(_ name: String, at mark: DocumentMark) throws(DocumentError) -> String {
        guard let values else { throw DocumentError(at: mark, "no value can be put in here, only ${env:NAME}") }
        guard let value = values[name] else {
            let known = values.keys.sorted()
            let nearest = known.nearest(to: shown(name)).map { " (did you mean '\($0)'?)" } ?? ""
            let list = known.isEmpty ? "there are none" : "known are \(known.prefix(32).joined(separator: ", "))"
            throw DocumentError(at: mark, "there is no value '\(shown(name))'\(nearest); \(list)")
        }
        usedValues[name] = value
        return value.text
    }

    private mutating func variable(_ name: String, at mark: DocumentMark) throws(DocumentError) -> String {
        guard let text = environment[name] else {
            throw DocumentError(at: mark, "the environment has no variable '\(shown(name))'; set it")
        }
        if !usedVariables.contains(where: { $0.name == name }) { usedVariables.append((name, mark)) }
        return text
    }

    /// What a misspelt expression that no shell would take was meant to be.
    private static func meant(by expression: String) -> String? {
        guard let dot = expression.firstIndex(of: ".") else { return nil }
        let (head, rest) = (String(expression[..<dot]), expression[expression.index(after: dot)...])
        if head == "env" { return "env:\(rest)" }
        return ["values"].nearest(to: head).map { "\($0).\(rest)" }
    }

    private func shown(_ text: String) -> String { String(text.quoted.dropFirst().dropLast()) }
}
