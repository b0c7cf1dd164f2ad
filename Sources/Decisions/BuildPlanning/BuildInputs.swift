package import JSONText

/// What enters the key of a build: texts with names, in the order in which people want to hear what differs.
///
/// Everything that can change the result is in it, and nothing else: no description, no secret, no path of this machine.
package struct BuildInputs: Equatable, Sendable {
    /// Counts up when the same inputs would have to give other keys.
    package static let format: Int64 = 1

    /// One input.
    package struct Input: Equatable, Sendable {
        /// What it is, such as `step 2` or `file etc/motd`; no two have the same.
        package var name: String
        /// Its content, or its digest.
        package var value: String
    }

    /// All of them.
    package private(set) var inputs: [Input] = []

    /// Starts without any.
    package init() {}

    /// Adds one behind the others.
    package mutating func add(_ name: String, _ value: String) { inputs.append(Input(name: name, value: value)) }

    /// What the key is the SHA-256 of: canonical JSON.
    package var canonical: [UInt8] { JSONValue.object(json).serialized() }

    /// Format and inputs; names are unique, so it reads back.
    package var json: JSONObject {
        let pairs = inputs.map { JSONValue.array([.string($0.name), .string($0.value)]) }
        return ["format": .integer(Self.format), "inputs": .array(pairs)]
    }

    /// Reads what `json` gives; nil for anything else, such as that of another format.
    package init?(_ json: JSONValue?) {
        guard json?["format"]?.integer == Self.format, let elements = json?["inputs"]?.elements else { return nil }
        for element in elements {
            guard let pair = element.elements, pair.count == 2, let name = pair[0].text, let value = pair[1].text else {
                return nil
            }
            add(name, value)
        }
    }
}

/// The first input in which two builds differ.
package struct BuildDifference: Equatable, Sendable, CustomStringConvertible {
    /// The longest part of a text that is shown.
    private static let shown = 60

    /// The input.
    package var name: String
    /// What it was; nil when it was not there.
    package var old: String?
    /// What it is; nil when it is not there any more.
    package var new: String?

    /// A line for people: `step 2: make → make all`.
    package var description: String {
        switch (old, new) {
        case (nil, .some(let new)): "\(name) was added" + (new.isEmpty ? "" : ": \(Self.cut(new))")
        case (.some(let old), nil): "\(name) is gone" + (old.isEmpty ? "" : "; it was \(Self.cut(old))")
        case (let old, let new): "\(name): \(Self.cut(old ?? "")) → \(Self.cut(new ?? ""))"
        }
    }

    private static func cut(_ text: String) -> String {
        let line = String(text.map { $0.isNewline ? " " : $0 })
        return line.count > shown ? "\(line.prefix(shown))…" : line
    }
}

extension BuildInputs {
    /// The first input, in the order of these, that the older ones have otherwise; then what only they have.
    ///
    /// - Returns: nil when both give the same key.
    package func firstDifference(from older: BuildInputs) -> BuildDifference? {
        let before = Dictionary(older.inputs.map { ($0.name, $0.value) }) { first, _ in first }
        if let input = inputs.first(where: { before[$0.name] != $0.value }) {
            return BuildDifference(name: input.name, old: before[input.name], new: input.value)
        }
        let names = Set(inputs.map(\.name))
        if let gone = older.inputs.first(where: { !names.contains($0.name) }) {
            return BuildDifference(name: gone.name, old: gone.value, new: nil)
        }
        guard inputs != older.inputs else { return nil }
        return BuildDifference(
            name: "order", old: older.inputs.map(\.name).joined(separator: ", "),
            new: inputs.map(\.name).joined(separator: ", "))
    }
}
