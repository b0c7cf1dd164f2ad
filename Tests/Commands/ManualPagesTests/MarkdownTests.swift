import Testing

@testable import ManualPages

@Suite("Documents as pages")
struct MarkdownTests {
    private let words = MarkdownText(
        document: "docs/a.md",
        pages: ["docs/upgrading.md": PageName("lifeboot-upgrading", 7), "grub/README.md": PageName("boot.env", 5)])

    @Test(
        "the parts of a document are told apart",
        arguments: [
            ("# A\n\ntext\nmore", [.heading(1, "A"), .paragraph("text more")]),
            ("- a\n  b\n- c", [.element(nil, "a b"), .element(nil, "c")]),
            ("1. a\n2. b", [.element("1.", "a"), .element("2.", "b")]),
            (
                "text\n```sh\n# no heading\n\n| a |\n```\nafter",
                [
                    .paragraph("text"), .code(["# no heading", "", "| a |"]), .paragraph("after"),
                ]
            ),
            ("| a | b |\n|---|---|\n| `x\\|y` | |\n<!-- end -->", [.table(["a", "b"], [["`x|y`", ""]])]),
            ("3 eggs", [.paragraph("3 eggs")]), ("a\n\n![b](c.png)\n\nd", [.paragraph("a"), .paragraph("d")]),
        ] as [(String, [MarkdownBlock])])
    func blocks(text: String, blocks: [MarkdownBlock]) { #expect(MarkdownReader.blocks(text) == blocks) }

    @Test(
        "code and what is strong is bold, links name pages",
        arguments: [
            ("`a-b` is **b**", "\\fBa\\-b\\fR is \\fBb\\fR"), ("*new*", "\\fInew\\fR"), ("2 * 3 * 4", "2 * 3 * 4"),
            ("see [upgrading.md](upgrading.md)", "see \\fBlifeboot\\-upgrading\\fR(7)"),
            ("[the order](upgrading.md#order)", "the order (\\fBlifeboot\\-upgrading\\fR(7))"),
            ("[GRUB](../grub/README.md)", "GRUB (\\fBboot.env\\fR(5))"), ("[here](#here)", "here"),
            ("[code](../Sources/x.swift)", "code"), ("[it](https://example.org)", "it <https://example.org>"),
            ("See docs/upgrading.md.", "See \\fBlifeboot\\-upgrading\\fR(7)."), ("docs/none.md", "docs/none.md"),
            ("`docs/upgrading.md`", "\\fBlifeboot\\-upgrading\\fR(7)"),
            ("a [b] c", "a [b] c"), ("one ` alone", "one \\(ga alone"),
        ])
    func inline(markdown: String, source: String) { #expect(words.text(markdown).source == source) }

    @Test("a row of a table is an entry: its first cell, what it is, what it means")
    func table() {
        var page = ManualPage(PageName("x", 5), RoffText("X"))
        page.add(.table(["key", "value", "", "meaning"], [["`a`", "text", "", "It is.<br>Not."]]), words)
        #expect(page.text.hasSuffix(".TP\n\\fB\\fBa\\fR\\fR\nvalue: text\n.br\nIt is.\n.br\nNot.\n"))
        page.add(.table(["key", "default", "after"], [["b", "required", "c"]]), words)
        #expect(page.text.hasSuffix(".TP\n\\fBb\\fR\nrequired\n.br\nafter: c\n"))
    }

    @Test("a page begins with its name and what it is, and has no date")
    func page() {
        let page = ManualPage(
            PageName("lifeboot-x", 7), document: "docs/x.md", text: "# Using X.\n\nText.\n\n## More\n\n- a\n",
            pages: [:])
        let lines = page.text.split(separator: "\n").map(String.init)
        #expect(lines.first?.hasPrefix(".TH \"LIFEBOOT\\-X\" \"7\" \"\" \"lifeboot ") == true)
        #expect(
            lines.dropFirst() == [
                ".nh", ".ad l", ".SH \"NAME\"", "lifeboot\\-x \\- Using X", ".SH \"DESCRIPTION\"", "Text.",
                ".SH \"MORE\"",
                ".IP \\(bu 2", "a", ".SH \"SEE ALSO\"", "\\fBlifeboot\\fR(8)",
            ])
    }
}
