import JSONText
import SystemPackage

/// Prints to standard output, at once: what operations report on the same stream must not overtake it.
enum Output {
    /// Prints lines.
    static func print(_ lines: [String]) {
        write(lines.joined(separator: "\n"))
    }

    /// Prints a JSON document, indented.
    static func print(_ json: JSONValue) {
        write(String(decoding: json.serialized(indented: true), as: UTF8.self))
    }

    /// Prints a JSON document as one line.
    static func printLine(_ json: JSONValue) {
        write(String(decoding: json.serialized(), as: UTF8.self))
    }

    /// When nobody can read it there is nobody to tell.
    private static func write(_ text: String) {
        _ = try? FileDescriptor.standardOutput.writeAll("\(text)\n".utf8)
    }
}
