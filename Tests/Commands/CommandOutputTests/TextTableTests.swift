import Testing

@testable import CommandOutput

@Suite("Text for a terminal")
struct TextTableTests {
    @Test("Columns are as wide as their widest cell and no line ends in a blank")
    func columns() {
        var table = TextTable(["A", "LONG", "C"])
        table.add(["wide", "x"])
        #expect(table.lines == ["A     LONG  C", "wide  x"])
    }

    @Test(
        "Text is broken at blanks and a long word keeps its own line",
        arguments: [
            ("a b c", ["- a b c"]), ("", ["-"]), ("aaaa bbbb cccc", ["- aaaa", "  bbbb", "  cccc"]),
            ("a 0123456789 b", ["- a", "  0123456789", "  b"]),
        ])
    func wrapping(text: String, lines: [String]) {
        #expect(TextTable.wrapped(text, lead: "-", hanging: 2, width: 8) == lines)
    }
}
