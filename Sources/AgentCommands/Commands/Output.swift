import JSONText

/// Prints to standard output.
enum Output {
    /// Prints lines.
    static func print(_ lines: [String]) {
        Swift.print(lines.joined(separator: "\n"))
    }

    /// Prints a JSON document, indented.
    static func print(_ json: JSONValue) {
        Swift.print(String(decoding: json.serialized(indented: true), as: UTF8.self))
    }
}
