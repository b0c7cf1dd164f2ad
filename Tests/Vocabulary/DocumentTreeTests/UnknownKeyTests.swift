import Testing

@testable import DocumentTree

@Suite("Unknown key")
struct UnknownKeyTests {
    @Test(
        "the nearest of the known words is found",
        arguments: [
            ("permsisions", "permissions"), ("permission", "permissions"), ("systctl", "sysctl"), ("stage", "stages"),
            ("enabled", "enable"), ("owner_string", "ownerstring"), ("hostame", "hostname"), ("PATH", "path"),
            ("pth", "path"), ("paht", "path"), ("bath", "path"), ("paths", "path"), ("ac", "ca"),
            ("signed", "unsigned"),
        ])
    func near(word: String, expected: String) {
        let known = [
            "permissions", "sysctl", "stages", "enable", "ownerstring", "hostname", "path", "ca", "unsigned",
        ]
        #expect(known.nearest(to: word) == expected)
    }

    @Test(
        "nothing is proposed for a word that is near none",
        arguments: ["x", "", "pxxh", "pqth_", "sysxxx", "signe", "hostnameabc", String(repeating: "a", count: 100_000)])
    func far(word: String) {
        #expect(["path", "sysctl", "unsigned", "hostname"].nearest(to: word) == nil)
    }

    @Test("of words that are equally near the first is proposed, and a nearer one before it")
    func order() {
        #expect(["paths", "pathy"].nearest(to: "path") == "paths")
        #expect(["pathy", "paths"].nearest(to: "path") == "pathy")
        #expect(["stagexx", "stages"].nearest(to: "stagesx") == "stagexx")
        #expect(["stagexy", "stagess", "stagesss"].nearest(to: "stages") == "stagess")
    }

    @Test(
        "slips are counted, a swap of neighbours as one",
        arguments: [
            ("", "", 0), ("", "ab", 2), ("ab", "", 2), ("ab", "ba", 1), ("abc", "acb", 1), ("abc", "abc", 0),
            ("abcd", "badc", 2), ("abc", "cab", 2), ("kitten", "sitting", 3), ("a", "b", 1),
        ])
    func slips(first: String, second: String, count: Int) {
        #expect(EditDistance.slips(from: Array(first.utf8), to: Array(second.utf8)) == count)
    }
}
