// Names, labels and error texts come from registries, archives and devices that nobody has vouched for yet. A terminal must
// neither obey them nor be flooded by them.

/// Makes text safe to print: what a terminal would obey is spelled out, and what is too long is cut.
///
/// All that both programs print for people goes through here once, in `Output`. JSON needs it not: it is written with its own
/// escapes, and has a limit for each document.
enum TerminalText {
    /// The longest line in characters.
    static let longestLine = 4_096
    /// The most lines of one message.
    static let mostLines = 1_000

    /// One line, whatever the text has in it: an end of line becomes visible, too.
    static func line(_ text: String) -> String {
        // Most texts are short and harmless.
        if text.utf8.count <= longestLine, text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        var result = ""
        var length = 0
        for scalar in text.unicodeScalars {
            guard length < longestLine else { return result + "… (\(text.utf8.count) bytes in all)" }
            length += 1
            if obeys(scalar) { result += spelled(scalar) } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }

    /// The lines of a text of our own that has several, such as a help text.
    static func lines(_ text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let shown = lines.prefix(mostLines).map { line(String($0)) }
        return lines.count > mostLines ? shown + ["… (\(lines.count) lines in all)"] : shown
    }

    /// Whether a terminal does something else than to draw it: controls (ECMA-48), ends of line, and what turns the direction
    /// of writing (Unicode, UAX #9), which makes a text read differently from what it is.
    private static func obeys(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// The scalar as in a literal of the language that both programs are written in: `\u{1B}`.
    private static func spelled(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        }
    }
}
