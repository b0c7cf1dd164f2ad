import Testing

@testable import ManualPages

@Suite("Text of pages")
struct RoffTextTests {
    @Test(
        "what a formatter would take for its own is escaped",
        arguments: [
            ("a-b", "a\\-b"), ("C:\\x", "C:\\ex"), ("'it' `is`", "\\(aqit\\(aq \\(gais\\(ga"), ("^~", "\\(ha\\(ti"),
            ("1…2 → 3", "1...2 \\(-> 3"), ("10⁹", "10\\[u2079]"), ("\u{1F6A2}", "\\[u1F6A2]"), ("plain", "plain"),
        ])
    func escapes(text: String, source: String) { #expect(RoffText(text).source == source) }

    @Test("a line that begins with a dot is text, and quotes do not end an argument")
    func lines() {
        #expect(RoffText(".TH").line == "\\&.TH" && RoffText("a.b").line == "a.b")
        #expect(RoffText("say \"a\"").argument == "\"say \\(dqa\\(dq\"")
    }
}
