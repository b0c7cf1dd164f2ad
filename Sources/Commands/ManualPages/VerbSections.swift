import CommandOutput

/// The sections of a verb's page.
extension ManualPage {
    /// How the verb is typed.
    mutating func synopsis(_ line: String, _ arguments: [ArgumentDescription], hasVerbs: Bool) {
        section("SYNOPSIS")
        let words = hasVerbs ? ["<verb>", "..."] : arguments.map(\.synopsis)
        paragraph([RoffText(line).bold, RoffText(words.joined(separator: " "))].joined(" "))
    }

    /// What the verb does: paragraphs, as in help.
    mutating func description(_ text: String, _ words: MarkdownText) {
        guard !text.isEmpty else { return }
        section("DESCRIPTION")
        for text in text.split(separator: "\n\n") { paragraph(words.text(text.replacing("\n", with: " "))) }
    }

    /// What can be typed behind it, below the headings of its help.
    mutating func arguments(_ arguments: [ArgumentDescription], _ words: MarkdownText) {
        let positional = arguments.filter(\.isPositional)
        if !positional.isEmpty { section("ARGUMENTS") }
        for argument in positional { entry(argument, words) }
        let options = arguments.filter { !$0.isPositional }
        if !options.isEmpty { section("OPTIONS") }
        for argument in options.filter({ $0.heading == nil }) { entry(argument, words) }
        for heading in options.compactMap(\.heading).withoutRepetition {
            part(RoffText(heading))
            for argument in options where argument.heading == heading { entry(argument, words) }
        }
    }

    private mutating func entry(_ argument: ArgumentDescription, _ words: MarkdownText) {
        entry(argument.forms.map { RoffText($0).bold }.joined(", "), [words.text(argument.meaning)])
    }

    /// Files, statuses and examples.
    ///
    /// - Parameter program: the page that has the statuses of all verbs.
    mutating func details(_ text: VerbText, _ words: MarkdownText, isRoot: Bool, program: PageName) {
        if !text.files.isEmpty { section("FILES") }
        for file in text.files { entry(RoffText(file.path).bold, [words.text(file.content)]) }
        section("EXIT STATUS")
        for status in text.statuses { entry(RoffText("\(status.number)").bold, [words.text(status.meaning)]) }
        let usage = RoffText("64").bold
        if isRoot, !text.statuses.contains(where: { $0.number == 64 }) {
            entry(usage, [RoffText("the command line was not understood")])
        }
        if !isRoot { paragraph(RoffText(source: "\(program.reference.source) has all statuses and what they mean.")) }
        if !text.examples.isEmpty { section("EXAMPLES") }
        for example in text.examples {
            paragraph(RoffText("\(example.purpose):"))
            literal([example.line])
        }
    }

    /// Other pages.
    mutating func seeAlso(_ pages: [PageName]) {
        guard !pages.isEmpty else { return }
        section("SEE ALSO")
        paragraph(pages.map(\.reference).joined(", "))
    }
}

extension [String] {
    /// Each text where it stands first.
    fileprivate var withoutRepetition: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
