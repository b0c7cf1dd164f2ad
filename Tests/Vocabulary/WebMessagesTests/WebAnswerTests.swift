import Testing

@testable import WebMessages

@Suite("Answers with content")
struct WebAnswerTests {
    static let content = HeldContent(Array("0123456789".utf8))

    func answer(_ method: String = "GET", _ fields: [String: String] = [:], size: Int = 10) -> WebAnswer {
        WebAnswer(
            to: WebRequest(method, "/", fields: fields), Self.content, tag: "t", size: size,
            fields: [("Content-Type", "text/plain")])
    }

    func range(of answer: WebAnswer) -> Range<Int>? {
        if case .content(_, let range) = answer.body { range } else { nil }
    }

    @Test("the whole says how long it is, and that it has ranges")
    func whole() {
        let answer = answer()
        #expect(answer.status == 200 && answer.length == 10 && range(of: answer) == 0..<10)
        #expect(answer.field("etag") == "\"t\"" && answer.field("Accept-Ranges") == "bytes")
        #expect(answer.field("Content-Type") == "text/plain" && answer.field("Content-Range") == nil)
    }

    @Test("a part says where it lies")
    func part() {
        let answer = answer("GET", ["range": "bytes=2-4"])
        #expect(answer.status == 206 && answer.length == 3 && range(of: answer) == 2..<5)
        #expect(answer.field("Content-Range") == "bytes 2-4/10")
    }

    @Test("a range past the end says where the end is")
    func past() {
        let answer = answer("GET", ["range": "bytes=10-"])
        #expect(answer.status == 416 && answer.length == 0 && range(of: answer) == nil)
        #expect(answer.field("Content-Range") == "bytes */10")
    }

    @Test("what the client has already is only named, without a length")
    func unchanged() {
        let answer = answer("GET", ["if-none-match": "\"t\""])
        #expect(answer.status == 304 && answer.length == nil && range(of: answer) == nil)
        #expect(answer.field("ETag") == "\"t\"" && answer.field("Content-Type") == nil)
    }

    @Test("a head is that of the whole, with nothing behind it")
    func head() {
        let answer = answer("HEAD")
        #expect(answer.status == 200 && answer.length == 10 && range(of: answer) == nil)
    }

    @Test("nothing at all is content, too")
    func empty() {
        let answer = answer(size: 0)
        #expect(answer.status == 200 && answer.length == 0 && range(of: answer) == nil)
    }

    @Test("content in memory ends where it ends", arguments: [(0, 10, "0123456789"), (8, 5, "89"), (20, 1, "")])
    func held(offset: Int, count: Int, text: String) {
        #expect(Self.content.bytes(at: offset, count: count) == Array(text.utf8))
    }
}
