import ArgumentParser
import JSONText

/// An argument of a verb, as ArgumentParser describes it for programs that write documents.
struct ArgumentDescription: Equatable, Sendable {
    /// With the value behind them, as somebody types them: `-o <dir>`, `--output <dir>`; of a positional one its value.
    let forms: [String]
    /// How it stands in a synopsis.
    let synopsis: String
    /// What it means.
    let meaning: String
    /// The heading that it stands below, if any.
    let heading: String?
    /// Whether it is told by its place.
    let isPositional: Bool

    /// The arguments of a verb, in their order, without those of every verb.
    static func arguments(of command: any ParsableCommand.Type) throws(JSONError) -> [ArgumentDescription] {
        let dump = try JSONValue(parsing: Array(command._dumpHelp().utf8))
        let all = dump["command"]?["arguments"]?.elements ?? []
        return all.filter { $0["shouldDisplay"] == true }.map { ArgumentDescription($0) }.filter {
            !$0.forms.contains("--help") && !$0.forms.contains("--version")
        }
    }

    private init(_ json: JSONValue) {
        let value = "<\(json["valueName"]?.text ?? "value")>"
        let takesValue = json["kind"] == "option"
        isPositional = json["kind"] == "positional"
        let names = (json["names"]?.elements ?? []).compactMap { name in
            name["name"]?.text.map { (name["kind"] == "long" ? "--" : "-") + $0 }
        }
        forms = isPositional ? [value] : names.map { takesValue ? "\($0) \(value)" : $0 }
        let isRepeating = json["isRepeating"] == true
        let form = (forms.last ?? value) + (isRepeating ? " ..." : "")
        synopsis = json["isOptional"] == true ? "[\(form)]" : form
        meaning = Self.meaning(json)
        heading = json["sectionTitle"]?.text
    }

    /// What help says, with the values that it may have and the one that it has without a word.
    private static func meaning(_ json: JSONValue) -> String {
        let values = json["allValues"]?.elements?.compactMap(\.text) ?? []
        let standard = json["defaultValue"]?.text.map { "default: \($0)" }
        let further = [values.isEmpty ? nil : "values: \(values.joined(separator: ", "))", standard].compactMap(\.self)
        let words = [json["abstract"]?.text, further.isEmpty ? nil : "(\(further.joined(separator: "; ")))"]
        return words.compactMap(\.self).joined(separator: " ")
    }
}
