/// A part of a Markdown document of this checkout, as far as these use Markdown.
enum MarkdownBlock: Equatable, Sendable {
    /// `# text`, with the number of its marks.
    case heading(Int, String)
    /// Lines that belong together, as one.
    case paragraph(String)
    /// An element of a list: its number with the dot, nil for a dash.
    case element(String?, String)
    /// The cells of the head and of the rows.
    case table([String], [[String]])
    /// The lines between fences.
    case code([String])
}

/// Takes a Markdown document apart.
struct MarkdownReader {
    private var blocks: [MarkdownBlock] = []
    private var rows: [[String]] = []
    private var code: [String]?

    /// The parts of a document, in order.
    static func blocks(_ text: String) -> [MarkdownBlock] {
        var reader = MarkdownReader()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { reader.take(line) }
        reader.endTable()
        return reader.blocks.filter { $0 != .paragraph("") }
    }

    private mutating func take(_ line: Substring) {
        let content = line.drop { $0 == " " }
        if content.hasPrefix("```") { return fence() }
        if code != nil {
            code?.append(String(line))
            return
        }
        if content.hasPrefix("|") { return rows.append(Self.cells(content)) }
        endTable()
        // A terminal shows no pictures.
        let isUnseen = content.hasPrefix("<!--") || content.hasPrefix("![")
        if isUnseen || content.isEmpty { return blocks.append(.paragraph("")) }
        if line.hasPrefix("#") { return heading(line) }
        if let (mark, rest) = Self.element(content) { return blocks.append(.element(mark, rest)) }
        extend(String(content))
    }

    private mutating func fence() {
        endTable()
        guard let lines = code else { return code = [] }
        blocks.append(.code(lines))
        code = nil
    }

    private mutating func heading(_ line: Substring) {
        let text = line.drop { $0 == "#" }
        blocks.append(.heading(line.count - text.count, String(text.drop { $0 == " " })))
    }

    /// Adds a line to the paragraph or element before it.
    private mutating func extend(_ line: String) {
        switch blocks.last {
        case .paragraph(let text) where !text.isEmpty: blocks[blocks.count - 1] = .paragraph("\(text) \(line)")
        case .element(let mark, let text): blocks[blocks.count - 1] = .element(mark, "\(text) \(line)")
        default: blocks.append(.paragraph(line))
        }
    }

    /// The second row is the rule below the head.
    private mutating func endTable() {
        if let head = rows.first { blocks.append(.table(head, Array(rows.dropFirst(2)))) }
        rows = []
    }

    private static func element(_ line: Substring) -> (String?, String)? {
        if line.hasPrefix("- ") { return (nil, String(line.dropFirst(2))) }
        let digits = line.prefix { $0.isNumber }
        guard !digits.isEmpty, line.dropFirst(digits.count).hasPrefix(". ") else { return nil }
        return ("\(digits).", String(line.dropFirst(digits.count + 2)))
    }

    /// The cells of a row; a bar behind a backslash is one of the text.
    private static func cells(_ line: Substring) -> [String] {
        var cells = [""]
        var isEscaped = false
        for character in line.dropFirst() {
            if character == "|", !isEscaped {
                cells.append("")
            } else {
                if character == "|" { cells[cells.count - 1].removeLast() }
                cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\"
        }
        let trimmed = cells.map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
        return trimmed.last?.isEmpty == true ? Array(trimmed.dropLast()) : trimmed
    }
}
