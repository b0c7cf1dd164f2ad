import Testing

@testable import CommandOutput

@Suite("Text that is safe to print")
struct TerminalTextTests {
    @Test(
        "what a terminal obeys is spelled out, everything else stays",
        arguments: [
            ("plain text, 100 %", "plain text, 100 %"), ("größer … 日本語 👍🏽", "größer … 日本語 👍🏽"),
            ("\u{1B}]0;title\u{7}", #"\u{1B}]0;title\u{7}"#), ("a\nb\rc\td", #"a\nb\rc\td"#),
            ("\u{9B}2J\u{7F}", #"\u{9B}2J\u{7F}"#),
            ("gpj\u{202E}exe", #"gpj\u{202E}exe"#), ("a\u{2066}b\u{2069}", #"a\u{2066}b\u{2069}"#),
            ("a\u{2028}b", #"a\u{2028}b"#),
            ("\r\n", #"\r\n"#), ("", ""),
        ])
    func spelled(text: String, expected: String) { #expect(TerminalText.line(text) == expected) }

    @Test("a line that is too long is cut and says how long it is", arguments: ["x", "é", "\u{1B}"])
    func cut(piece: String) {
        let line = TerminalText.line(String(repeating: piece, count: 1_000_000))
        #expect(line.hasSuffix("… (\(piece.utf8.count * 1_000_000) bytes in all)"))
        #expect(line.count < 10 * TerminalText.longestLine)
        let longest = String(repeating: piece, count: TerminalText.longestLine)
        #expect(!TerminalText.line(longest).contains("…"))
    }

    @Test("a text of several lines keeps them, up to a limit")
    func lines() {
        #expect(TerminalText.lines("a\n\n b\u{1B}\n") == ["a", "", #" b\u{1B}"#, ""])
        let many = TerminalText.lines(String(repeating: "x\n", count: 100_000))
        #expect(many.count == TerminalText.mostLines + 1 && many.last == "… (100001 lines in all)")
    }
}
