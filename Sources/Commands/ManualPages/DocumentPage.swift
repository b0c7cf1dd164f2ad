package import DocumentTree

extension ManualPage {
    /// Makes a page of a Markdown document: its title is what the page is in one line, its headings are sections.
    ///
    /// - Parameters:
    ///   - document: its path in the checkout.
    ///   - pages: the pages that documents have become.
    package init(_ name: PageName, document: String, text: String, pages: [String: PageName]) {
        let words = MarkdownText(document: document, pages: pages)
        var blocks = MarkdownReader.blocks(text)[...]
        var title = name.name
        if case .heading(_, let text) = blocks.first {
            title = text
            blocks = blocks.dropFirst()
        }
        self.init(name, words.text(title))
        section("DESCRIPTION")
        for block in blocks { add(block, words) }
        seeAlso()
    }

    /// Makes a page of the keys of a kind of file.
    ///
    /// - Parameters:
    ///   - title: what the file is, in one line.
    ///   - lead: Markdown that says where it lies and what reads it.
    package init(
        _ name: PageName, title: String, lead: String, keys: [DocumentEntry], pages: [String: PageName]
    ) {
        let words = MarkdownText(document: "docs/", pages: pages)
        self.init(name, words.text(title))
        section("DESCRIPTION")
        paragraph(words.text(lead))
        section("KEYS")
        for block in MarkdownReader.blocks(keys.reference) { add(block, words) }
        seeAlso()
    }

    /// Adds a part of a document.
    mutating func add(_ block: MarkdownBlock, _ words: MarkdownText) {
        switch block {
        case .heading(2, let title): section(title)
        case .heading(_, let title): part(words.text(title))
        case .paragraph(let text): paragraph(words.text(text))
        case .element(let mark, let text): element(mark, words.text(text))
        case .code(let lines): literal(lines)
        case .table(let head, let rows): for row in rows { add(row, head, words) }
        }
    }

    /// Adds a row of a table as an entry: tables are too wide for a terminal, and nobody hears their columns.
    private mutating func add(_ row: [String], _ head: [String], _ words: MarkdownText) {
        let cells = zip(head, row).dropFirst().filter { !$0.1.isEmpty }
        guard let last = cells.last else { return entry(words.text(row.first ?? ""), []) }
        let others = cells.dropLast().map { words.text(Self.named($0.1, $0.0)) }
        let tag = row.first.map { $0.isEmpty ? "-" : $0 } ?? "-"
        let text = head.count > 2 ? Self.named(last.1, last.0) : last.1
        let lines = text.replacing("<br>", with: "\n").split(separator: "\n").map { words.text($0) }
        entry(words.text(tag).bold, (others.isEmpty ? [] : [others.joined("; ")]) + lines)
    }

    /// A cell behind the head of its column, where that says more than the cell.
    private static func named(_ cell: String, _ head: String) -> String {
        head.isEmpty || head == "meaning" || cell == "required" ? cell : "\(head): \(cell)"
    }

    /// Names the program's page, which names all others.
    private mutating func seeAlso() {
        section("SEE ALSO")
        let program = name.name.hasPrefix("boatyard") ? PageName("boatyard", 1) : PageName("lifeboot", 8)
        paragraph(program.reference)
    }
}
