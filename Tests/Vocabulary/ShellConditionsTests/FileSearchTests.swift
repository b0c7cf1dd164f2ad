import Testing

@testable import ShellConditions

@Suite("Searching files")
struct FileSearchTests {
    static let files = FakeFiles([
        "/one": .text("alpha\nbeta\n"), "/two": .text("gamma"), "/empty": .text(""), "/pipe": .pipe, "/folder": .folder,
        "/large": .bytes(Array(repeating: 0x61, count: FileSearch.maximumLength + 1)),
        "/largest": .bytes(Array(repeating: 0x61, count: FileSearch.maximumLength)),
    ])

    @Test(
        "errors count unless a quiet search has found something",
        arguments: [
            ("grep alpha /one", true), ("grep alpha /one /no", false), ("grep -q alpha /one /no", true),
            ("grep -q alpha /no /one", true), ("grep alpha /folder", false), ("grep -v alpha /folder", false),
            ("grep -q gamma /one /two", true), ("grep gamma /one /two", true), ("grep -q no /one /two", false),
            ("grep -q alpha /one /pipe", true), ("grep alpha /one /pipe", nil), ("grep -q alpha /pipe /one", nil),
            ("grep -q a /large", nil), ("grep -q a /largest", true), ("grep a ''", false), ("grep -v a /empty", false),
            ("cat /two /one | grep -x gammaalpha", true), ("cat /folder /one | grep beta", true),
            ("cat /largest /one | grep beta", nil), ("cat /pipe | grep beta", nil), ("cat /no '' | grep ''", false),
        ] as [(String, Bool?)])
    func status(text: String, answer: Bool?) throws {
        #expect(try #require(ShellCondition(text)).holds(in: Self.files) == answer)
    }
}
