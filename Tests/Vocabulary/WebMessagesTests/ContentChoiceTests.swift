import Testing

@testable import WebMessages

@Suite("What of a content a request gets")
struct ContentChoiceTests {
    static let size = 100

    @Test(
        "a range is taken as it is meant",
        arguments: [
            ("bytes=0-0", .part(0..<1)), ("bytes=0-99", .part(0..<100)), ("bytes=10-19", .part(10..<20)),
            ("bytes=99-", .part(99..<100)), ("bytes=0-", .part(0..<100)), ("BYTES=5-6", .part(5..<7)),
            ("bytes= 5 - 6 ", .part(5..<7)), ("bytes=90-100", .part(90..<100)), ("bytes=90-999", .part(90..<100)),
            ("bytes=90-99999999999999999999", .part(90..<100)), ("bytes=-1", .part(99..<100)),
            ("bytes=-100", .part(0..<100)), ("bytes=-101", .part(0..<100)),
            ("bytes=-99999999999999999999", .part(0..<100)),
            ("bytes=100-", .unsatisfiable), ("bytes=100-200", .unsatisfiable),
            ("bytes=99999999999999999999-", .unsatisfiable), ("bytes=-0", .unsatisfiable),
            ("bytes=0-1,5-6", .whole), ("bytes=0-1, 200-", .whole), ("items=0-1", .whole), ("bytes", .whole),
            ("bytes=", .whole), ("bytes=-", .whole), ("bytes=6-5", .whole), ("bytes=a-b", .whole),
            ("bytes=1-b", .whole),
            ("bytes=+1-2", .whole), ("bytes=--2", .whole), ("bytes=1--2", .whole), ("bytes=1-2-3", .whole),
            ("", .whole),
        ] as [(String, ContentChoice)])
    func ranges(value: String, choice: ContentChoice) {
        let request = WebRequest("GET", "/", fields: ["range": value])
        #expect(ContentChoice(request, tag: "t", size: Self.size) == choice)
    }

    @Test("nothing has no range", arguments: [("bytes=0-", ContentChoice.unsatisfiable), ("bytes=-1", .unsatisfiable)])
    func empty(value: String, choice: ContentChoice) {
        #expect(ContentChoice(WebRequest("GET", "/", fields: ["range": value]), tag: "t", size: 0) == choice)
    }

    @Test(
        "what the client has is not sent again, and weighs more than a range",
        arguments: [
            (#""t""#, true), (#"W/"t""#, true), ("*", true), (#""a", "t""#, true), (#""a","b""#, false),
            (#""T""#, false),
            ("t", true), ("", false), (#""tt""#, false),
        ])
    func known(value: String, isKnown: Bool) {
        for method in WebRequest.readingMethods {
            let request = WebRequest(method, "/", fields: ["if-none-match": value, "range": "bytes=0-0"])
            let other: ContentChoice = method == "GET" ? .part(0..<1) : .whole
            #expect(ContentChoice(request, tag: "t", size: Self.size) == (isKnown ? .unchanged : other))
        }
    }

    @Test(
        "a range of something else is the whole of this",
        arguments: [
            (#""t""#, true), (#"W/"t""#, false), (#""u""#, false), ("Sat, 28 Nov 2026 00:00:00 GMT", false),
            ("*", false),
        ])
    func condition(value: String, isSame: Bool) {
        let request = WebRequest("GET", "/", fields: ["if-range": value, "range": "bytes=1-2"])
        #expect(ContentChoice(request, tag: "t", size: Self.size) == (isSame ? .part(1..<3) : .whole))
    }

    @Test("a head has no range")
    func head() {
        let request = WebRequest("HEAD", "/", fields: ["range": "bytes=500-"])
        #expect(ContentChoice(request, tag: "t", size: Self.size) == .whole)
    }
}
