import ArgumentParser
package import CommandOutput
package import JSONText

/// Makes the pages of a program's verbs out of what the program itself parses and says.
package struct VerbPages: Sendable {
    private let section: Int
    private let words: MarkdownText

    /// Makes pages of a section.
    ///
    /// - Parameter pages: the pages that documents have become.
    package init(section: Int, pages: [String: PageName]) {
        self.section = section
        words = MarkdownText(document: "", pages: pages)
    }

    /// The page of a program and those of all its verbs, in their order; units' own verbs have none.
    ///
    /// - Parameter guides: further pages that the program's page names.
    package func pages(of root: any DocumentedCommand.Type, guides: [PageName]) throws(JSONError) -> [ManualPage] {
        var result = [try page([root], of: root)]
        result[0].seeAlso(guides)
        for verb in root.configuration.subcommands { try add(verb, [root, verb], &result, of: root) }
        return result
    }

    private func add(
        _ command: any ParsableCommand.Type, _ path: [any ParsableCommand.Type], _ result: inout [ManualPage],
        of root: any DocumentedCommand.Type
    ) throws(JSONError) {
        guard command.configuration.shouldDisplay else { return }
        var page = try page(path, of: root)
        page.seeAlso([name(path.dropLast())] + (path.count > 2 ? [name(path.prefix(1))] : []))
        result.append(page)
        for verb in command.configuration.subcommands { try add(verb, path + [verb], &result, of: root) }
    }

    private func name(_ path: some Collection<any ParsableCommand.Type>) -> PageName {
        PageName(path.map { $0._commandName }.joined(separator: "-"), section)
    }

    private func page(
        _ path: [any ParsableCommand.Type], of root: any DocumentedCommand.Type
    ) throws(JSONError) -> ManualPage {
        let command = path.last ?? root
        let text = (command as? any DocumentedCommand.Type)?.text ?? VerbText(command.configuration.discussion)
        var page = ManualPage(name(path), words.text(command.configuration.abstract))
        let arguments = try ArgumentDescription.arguments(of: command)
        page.synopsis(path.map { $0._commandName }.joined(separator: " "), arguments, hasVerbs: path.isGroup)
        page.description(text.words, words)
        verbs(path, &page)
        page.arguments(arguments, words)
        page.details(text, words, isRoot: path.count == 1, program: name(path.prefix(1)))
        return page
    }

    /// Lists the verbs of a program or group, below the headings of its help.
    private func verbs(_ path: [any ParsableCommand.Type], _ page: inout ManualPage) {
        guard let configuration = path.last?.configuration, path.isGroup else { return }
        page.section("VERBS")
        for verb in configuration.ungroupedSubcommands { list(verb, path, &page) }
        for group in configuration.groupedSubcommands {
            page.part(RoffText(group.name))
            for verb in group.subcommands { list(verb, path, &page) }
        }
    }

    private func list(_ verb: any ParsableCommand.Type, _ path: [any ParsableCommand.Type], _ page: inout ManualPage) {
        let isShown = verb.configuration.shouldDisplay
        let tag = isShown ? name(path + [verb]).reference : RoffText(verb._commandName).bold
        page.entry(tag, [words.text(verb.configuration.abstract)])
    }
}

extension [any ParsableCommand.Type] {
    /// Whether the last one has verbs below it.
    fileprivate var isGroup: Bool { last?.configuration.subcommands.isEmpty == false }
}
