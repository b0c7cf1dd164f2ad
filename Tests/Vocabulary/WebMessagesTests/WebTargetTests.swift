import Testing

@testable import WebMessages

@Suite("Targets of requests")
struct WebTargetTests {
    @Test(
        "a path is cut into decoded parts",
        arguments: [
            ("/", [], false), ("/v2/", ["v2"], true), ("/v2", ["v2"], false), ("/a/b%20c", ["a", "b c"], false),
            ("/%e2%82%AC", ["€"], false), ("/a+b", ["a+b"], false), ("/a?b/c", ["a"], false), ("/..a", ["..a"], false),
        ] as [(String, [String], Bool)])
    func paths(target: String, parts: [String], endsWithSlash: Bool) throws {
        let read = try #require(WebTarget(target))
        #expect(read.parts == parts && read.endsWithSlash == endsWithSlash)
    }

    @Test(
        "what leads elsewhere, or nowhere, is refused in every spelling",
        arguments: [
            "", "a", "*", "http://host/a", "//", "/a//b", "/.", "/..", "/../a", "/a/../b", "/a/./b", "/%2e%2e/a",
            "/%2E./a",
            "/.%2e", "/a%2fb", "/a%2F..%2Fb", "/a%00b", "/%00", "/a%", "/a%4", "/a%zz", "/%ff", "/%c0%ae%c0%ae/a",
            "/a/..",
            "/a/../", "/a?%zz", "/a?b=%f", "/a?b=%ff",
        ])
    func refused(target: String) { #expect(WebTarget(target) == nil) }

    @Test("a path is as long as may be, and no longer")
    func length() {
        let names = String(repeating: "/" + String(repeating: "a", count: 255), count: 32)
        #expect(names.utf8.count == WebTarget.maximumLength && WebTarget(names) != nil)
        #expect(WebTarget(names + "/") == nil)
        #expect(WebTarget("/" + String(repeating: "a", count: 256)) == nil)
    }

    @Test("a query has names and values, the first of each")
    func query() {
        #expect(
            WebTarget("/a?n=5&last=b%26c&n=6&x&y=&=z")?.query == ["n": "5", "last": "b&c", "x": "", "y": "", "": "z"])
        #expect(WebTarget("/a?")?.query == [:])
        #expect(WebTarget("/a?b=c=d?e")?.query == ["b": "c=d?e"])
    }

    @Test("what is spelled for a query is read back", arguments: ["a b", "ü&=%", "v1.0_x~-", "a/b:c"])
    func encoded(text: String) {
        let spelled = WebTarget.encoded(text)
        #expect(WebTarget("/?x=\(spelled)")?.query["x"] == text)
        #expect(spelled.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    }
}
