import CommandOutput

/// The name of a page and the section that it is in: `lifeboot-upgrade(8)`.
package struct PageName: Hashable, Sendable {
    /// What follows `man` on a command line.
    package let name: String
    /// 1 for verbs of users, 5 for files, 7 for what goes over several verbs, 8 for verbs of operators.
    package let section: Int

    /// Names a page.
    package init(_ name: String, _ section: Int) {
        self.name = name
        self.section = section
    }

    /// Where it lies below a folder of pages.
    package var path: String { "man\(section)/\(name).\(section)" }

    /// The name as other pages refer to it.
    var reference: RoffText { RoffText(source: "\(RoffText(name).bold.source)(\(section))") }
}

/// A page of the manual, in man(7).
package struct ManualPage: Sendable {
    /// Its name.
    package let name: PageName
    /// Its source; no line of it depends on when or where it was made.
    package private(set) var text: String
    /// Whether a heading is what was added last: a paragraph begins behind it without a request.
    private var isFresh = false

    /// Begins a page with its name and what that is in one line.
    ///
    /// - Parameter summary: a sentence; its full stop is left out.
    init(_ name: PageName, _ summary: RoffText) {
        self.name = name
        let title = RoffText(name.name.uppercased()).argument
        text = ".TH \(title) \"\(name.section)\" \"\" \"lifeboot \(ProgramVersion.text)\" \"Manual of lifeboot\"\n"
        // No word is broken and no space is stretched: what is copied out of a page is what was written.
        text += ".nh\n.ad l\n"
        section("NAME")
        let summary = summary.source.hasSuffix(".") ? String(summary.source.dropLast()) : summary.source
        line(RoffText(source: "\(RoffText(name.name).source) \\- \(summary)"))
    }

    /// Begins a section.
    mutating func section(_ title: String) { heading(".SH \(RoffText(title.uppercased()).argument)\n") }

    /// Begins a part of a section.
    mutating func part(_ title: RoffText) { heading(".SS \(title.argument)\n") }

    private mutating func heading(_ request: String) {
        text += request
        isFresh = true
    }

    /// Adds a paragraph.
    mutating func paragraph(_ content: RoffText) {
        if !isFresh { request(".PP\n") }
        line(content)
    }

    /// Adds what begins with a word that stands out.
    mutating func entry(_ tag: RoffText, _ lines: [RoffText]) {
        request(".TP\n")
        line(tag)
        for (index, content) in lines.enumerated() where !content.source.isEmpty {
            if index > 0 { text += ".br\n" }
            line(content)
        }
    }

    /// Adds an element of a list.
    ///
    /// - Parameter mark: what stands before it; a dot when it is nil.
    mutating func element(_ mark: String?, _ content: RoffText) {
        request(".IP \(mark.map { RoffText($0).argument } ?? "\\(bu") \(mark == nil ? 2 : 4)\n")
        line(content)
    }

    /// Adds lines that stay as they are.
    mutating func literal(_ lines: [String]) {
        request(isFresh ? ".RS 4\n.EX\n" : ".PP\n.RS 4\n.EX\n")
        for content in lines { text += RoffText(content).line + "\n" }
        text += ".EE\n.RE\n"
    }

    private mutating func request(_ text: String) {
        self.text += text
        isFresh = false
    }

    /// Adds a line of text; an empty one would be a request of its own.
    private mutating func line(_ content: RoffText) { if !content.source.isEmpty { request(content.line + "\n") } }
}
