/// Makes the bytes that turn what a terminal shows into what it is to show.
///
/// A terminal at 9,600 baud takes a second for a thousand characters, so only lines that changed are sent. There is no
/// colour: the mark is a sign at the begin of a line, where a reader of screens finds the cursor as well.
package struct ConsolePainter: Sendable {
    private static let clear = "\u{1B}[0m\u{1B}[2J\u{1B}[H"
    private static let clearLine = "\u{1B}[K"

    /// Whether the terminal obeys ECMA-48: one that does not gets every screen below the last.
    private let obeys: Bool
    private var shown: ConsoleScreen?

    /// Starts with a terminal of which nobody knows what it shows.
    ///
    /// - Parameter terminal: the value of `TERM`.
    package init(terminal: String?) {
        obeys = !["", "dumb", "unknown"].contains(terminal ?? "")
    }

    /// Forgets what is shown, because something else wrote there.
    package mutating func forget() { shown = nil }

    /// The bytes after which somebody else writes, on an empty screen where that is possible.
    package mutating func blank() -> [UInt8] {
        shown = nil
        return Array((obeys ? Self.clear : "\r\n\r\n").utf8)
    }

    /// The bytes that show a screen.
    package mutating func paint(_ screen: ConsoleScreen) -> [UInt8] {
        defer { shown = screen }
        if screen == shown { return [] }
        guard obeys else { return Array((["", ""] + screen.lines).joined(separator: "\r\n").utf8) }
        let text = shown.map { changes($0, screen) } ?? (Self.clear + screen.lines.joined(separator: "\r\n"))
        return Array((text + place(screen.cursor.row, screen.cursor.column)).utf8)
    }

    private func changes(_ old: ConsoleScreen, _ new: ConsoleScreen) -> String {
        var text = ""
        for row in 0..<max(old.lines.count, new.lines.count) {
            let (before, after) = (line(old, row), line(new, row))
            if before != after { text += place(row, 0) + after + Self.clearLine }
        }
        return text
    }

    private func line(_ screen: ConsoleScreen, _ row: Int) -> String {
        screen.lines.indices.contains(row) ? screen.lines[row] : ""
    }

    private func place(_ row: Int, _ column: Int) -> String { "\u{1B}[\(row + 1);\(column + 1)H" }
}
