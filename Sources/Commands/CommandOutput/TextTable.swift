/// Lays text out for a terminal of 80 columns.
package struct TextTable: Equatable, Sendable {
    /// Columns of a terminal that nobody has widened.
    package static let width = 80

    private var rows: [[String]] = []

    /// Starts a table, with a head when it has one.
    package init(_ head: [String]? = nil) { rows = head.map { [$0] } ?? [] }

    /// Adds a row; missing cells are empty.
    package mutating func add(_ row: [String]) { rows.append(row) }

    /// The lines: cells padded to their column, two blanks between columns, none at the end.
    package var lines: [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, widths).map { Self.padded($0, to: $1) }
            return Self.trimmed(cells.joined(separator: "  "))
        }
    }

    /// Fills a text up with blanks.
    package static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Breaks a text into lines at blanks; a word longer than a line keeps its own.
    ///
    /// - Parameter hanging: blanks before every line; the first begins with `lead` padded to that.
    package static func wrapped(_ text: String, lead: String = "", hanging: Int, width: Int = Self.width) -> [String] {
        let words = text.split(whereSeparator: \.isWhitespace)
        var lines: [String] = []
        var line = padded(lead, to: hanging)
        var isEmpty = true
        for word in words {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = String(repeating: " ", count: hanging)
                isEmpty = true
            }
            line += isEmpty ? String(word) : " \(word)"
            isEmpty = false
        }
        return lines + [trimmed(line)]
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
