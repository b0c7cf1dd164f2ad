import Testing

@testable import ShellConditions

@Suite("Patterns of grep")
struct SearchPatternTests {
    /// Reads option letters and a pattern, and searches a text.
    static func search(_ letters: String, _ pattern: String, _ bytes: [UInt8]) throws -> Bool? {
        var options = SearchOptions()
        _ = try options.add("-q\(letters)")
        return try SearchPattern(pattern, options).selects(from: bytes)
    }

    @Test(
        "a line is selected as POSIX says",
        arguments: [
            ("", "a.c", "xabcx", true), ("", "a.c", "ac", false), ("", "ab*c", "ac", true), ("", "^b", "ab\nba", true),
            ("", "^b", "ab", false), ("", "b$", "ba\nab", true), ("", "b$", "ba", false), ("", "^$", "a\n\nb", true),
            ("", "^$", "a\n", false), ("", "a+b", "aab", false), ("", "a+b", "a+b", true), ("", "a|b", "a", false),
            ("", "a\\.b", "acb", false), ("", "[a-c]x", "bx", true), ("", "[^a-c]x", "bx", false),
            ("", "[]x]", "]", true),
            ("", "[^]x]", "]x", false), ("", "[a-]", "-", true), ("", "[.]", "a", false), ("", "", "\n", true),
            ("", "", "", false), ("", "", "a", true), ("E", "a+b", "xaab", true), ("E", "a+b", "b", false),
            ("E", "xa?b", "xb", true), ("E", "xa?b", "xaab", false), ("E", "qemu|kvm", "a kvm", true),
            ("E", "^(a|bc)+$", "abca", true), ("E", "^(a|bc)+$", "abb", false), ("E", "(^a|b$)", "ba", false),
            ("E", "(a*)*b", "aab", true), ("E", "a\\|b", "a|b", true), ("i", "qemu", "a QeMU", true),
            ("i", "[a-c]", "B", true), ("i", "[^b]", "B", false), ("", "qemu", "QEMU", false),
            ("F", "a.c", "abc", false),
            ("F", "a.c", "a.c", true), ("Fi", "A.c", "a.C", true), ("v", "a", "a\na", false), ("v", "a", "a\nb", true),
            ("x", "ab*", "abb", true), ("x", "ab*", "abba", false), ("x", "b*", "abb", false),
            ("xF", "ab", "abc", false),
            ("w", "ab", "xab ab_ 1ab", false), ("w", "ab", "xab -ab-", true), ("wi", "ab", "AB", true),
            ("w", "a a", "a a a1", true), ("vw", "ab", "ab", false),
        ])
    func posix(letters: String, pattern: String, text: String, answer: Bool) throws {
        #expect(try Self.search(letters, pattern, Array(text.utf8)) == answer)
    }

    @Test(
        "what greps or locales read differently is refused",
        arguments: [
            ("", "*a"), ("", "^*a"), ("", "a**"), ("", "a^b"), ("", "a$b"), ("", "\\(a\\)"), ("", "a\\{2\\}"),
            ("", "\\w"),
            ("", "a\\|b"), ("", "a\\"), ("", "[a"), ("", "[]"), ("", "[[:alpha:]]"), ("", "[:a:]"), ("", "[[.a.]]"),
            ("", "[A-z]"),
            ("", "[b-a]"), ("", "[ -a]"), ("E", "a{2}"), ("E", "+a"), ("E", "a|"), ("E", "|a"), ("E", "()"),
            ("E", "(a"),
            ("E", "a)"), ("E", "a|*b"), ("E", "(^a)*"), ("E", "a+?"), ("w", "a.b"), ("w", ""), ("wx", "a"), ("EF", "a"),
            ("E", String(repeating: "(", count: 17) + "a" + String(repeating: ")", count: 17)),
        ])
    func refused(letters: String, pattern: String) {
        #expect(throws: ShellOnly.self) { try Self.search(letters, pattern, []) }
    }

    @Test(
        "bytes whose meaning the locale sets leave the answer open, unless other lines give it",
        arguments: [
            ("", "a.b", "a\u{E9}b", nil), ("", "a.b", "a\u{E9}b\nacb", true), ("", "c", "\u{E9}c", true),
            ("", "c", "\u{E9}", false), ("i", "c", "\u{E9}c", nil), ("w", "c", "\u{E9}c", nil),
            ("x", "c", "c\u{E9}", false),
            ("v", "[c]", "\u{E9}", nil), ("v", "c", "\u{E9}", true), ("", "model", "a model\0", true),
            ("", "b", "a\0", false),
            ("w", "a", "a\0b", true), ("v", "a", "b\0", nil), ("x", "a", "a\0", nil), ("", "a$", "a\0", nil),
            ("", "", "\0", nil),
        ] as [(String, String, String, Bool?)])
    func open(letters: String, pattern: String, text: String, answer: Bool?) throws {
        #expect(try Self.search(letters, pattern, Array(text.utf8)) == answer)
    }

    @Test("a pattern that others try for years is searched once, and a long search is left out")
    func time() throws {
        let text = [UInt8](repeating: 0x61, count: 2_000)
        #expect(try Self.search("E", "^((a*)*|(a|a)*)*b", text) == false)
        let million = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(try Self.search("E", String(repeating: "a?", count: 40), million) == nil)
    }
}
