/// Turns the text of a Markdown document, or of a help text, into that of a page.
struct MarkdownText: Sendable {
    /// The document that the text is of; links count from its folder.
    let document: String
    /// The pages that documents have become, by their paths in the checkout.
    let pages: [String: PageName]

    /// Turns a text: code and what is strong is bold, what is emphasised italic, and links name pages of the manual.
    func text(_ markdown: some StringProtocol) -> RoffText {
        var result: [RoffText] = []
        var rest = Substring(markdown)
        while let character = rest.first {
            if let (piece, length) = piece(rest, character) {
                result.append(piece)
                rest = rest.dropFirst(length)
            } else {
                result.append(RoffText(String(character)))
                rest = rest.dropFirst()
            }
        }
        return result.joined()
    }

    /// What begins here and is more than a character, and how many characters it has.
    private func piece(_ text: Substring, _ first: Character) -> (RoffText, Int)? {
        switch first {
        case "`": enclosed(text, by: "`").map { (code($0), $0.count + 2) }
        case "*" where text.hasPrefix("**"): enclosed(text, by: "**").map { (self.text($0).bold, $0.count + 4) }
        case "*": enclosed(text, by: "*").map { (self.text($0).italic, $0.count + 2) }
        case "[": link(text)
        case "d" where text.hasPrefix("docs/"): mention(text)
        case "\\" where text.dropFirst().first?.isPunctuation == true:
            (RoffText(String(text.dropFirst().prefix(1))), 2)
        default: nil
        }
    }

    /// Code is bold, but for the path of a document that is a page.
    private func code(_ text: Substring) -> RoffText { pages[String(text)]?.reference ?? RoffText(text).bold }

    private func enclosed(_ text: Substring, by mark: String) -> Substring? {
        let inner = text.dropFirst(mark.count)
        guard inner.first?.isWhitespace == false, let end = inner.firstRange(of: mark) else { return nil }
        return inner[..<end.lowerBound]
    }

    /// `[text](target)`: a target that is a page is named behind the text, or instead of a file's name.
    private func link(_ text: Substring) -> (RoffText, Int)? {
        guard let match = text.prefixMatch(of: /\[((?:`[^`]*`|[^\]])*)\]\(([^)\s]*)\)/) else { return nil }
        let label = self.text(match.output.1)
        let target = String(match.output.2)
        let length = match.output.0.count
        if target.contains("://") { return (RoffText(source: "\(label.source) <\(RoffText(target).source)>"), length) }
        guard let page = page(target) else { return (label, length) }
        return match.output.1.hasSuffix(".md")
            ? (page.reference, length) : (RoffText(source: "\(label.source) (\(page.reference.source))"), length)
    }

    /// `docs/upgrading.md` in the midst of a text, as help texts name documents.
    private func mention(_ text: Substring) -> (RoffText, Int)? {
        guard let match = text.prefixMatch(of: /docs\/[a-z-]+\.md/), let page = pages[String(match.output)] else {
            return nil
        }
        return (page.reference, match.output.count)
    }

    /// The page that a link leads to; nil for a part of the same document, and for files that are none.
    private func page(_ target: String) -> PageName? {
        let path = target.prefix { $0 != "#" }
        guard !path.isEmpty else { return nil }
        var folders = document.split(separator: "/").dropLast().map(String.init)
        for part in path.split(separator: "/") {
            if part == ".." { _ = folders.popLast() } else { folders.append(String(part)) }
        }
        return pages[folders.joined(separator: "/")]
    }
}
