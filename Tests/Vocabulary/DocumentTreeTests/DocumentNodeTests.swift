import SystemPackage
import Testing

@testable import DocumentTree

@Suite("Document node")
struct DocumentNodeTests {
    static let mark = DocumentMark(line: 3, column: 7)

    static func plain(_ text: String) -> DocumentNode { DocumentNode(.scalar(text, quoted: false), at: mark) }

    static func quoted(_ text: String) -> DocumentNode { DocumentNode(.scalar(text, quoted: true), at: mark) }

    static let list = DocumentNode(.sequence([plain("a")]), at: mark)
    static let mapping = DocumentNode(
        .mapping([DocumentPair(key: "k", mark: DocumentMark(line: 3, column: 1), value: plain("v"))]), at: mark)

    private static func refusal<Value>(_ read: () throws(DocumentError) -> Value) -> String? {
        do throws(DocumentError) {
            _ = try read()
            return nil
        } catch { return error.description }
    }

    @Test("nothing written is an empty mapping and an empty list, but no text", arguments: ["", "~", "null"])
    func nothing(text: String) throws {
        let node = Self.plain(text)
        #expect(node.isEmpty)
        #expect(try node.pairs("x").isEmpty && node.elements("x").isEmpty)
        #expect(Self.refusal { () throws(DocumentError) in try node.text("x") } == "line 3, column 7: x must be a text")
    }

    @Test("the same words in quotes are texts", arguments: ["~", "null"])
    func quotedWords(text: String) throws {
        #expect(!Self.quoted(text).isEmpty)
        #expect(try Self.quoted(text).text("x") == text)
        #expect(Self.refusal { () throws(DocumentError) in try Self.quoted(text).elements("x") } != nil)
    }

    @Test("each reader takes its kind and refuses the others with the place")
    func kinds() throws {
        #expect(try Self.mapping.pairs("x").map(\.key) == ["k"])
        #expect(try Self.list.elements("x").map { try $0.text("a") } == ["a"])
        #expect(try Self.plain("12").text("x") == "12")
        for node in [Self.list, Self.plain("a"), Self.quoted("")] {
            let refusal = Self.refusal { () throws(DocumentError) in try node.pairs("x") }
            #expect(refusal == "line 3, column 7: x must be a mapping of keys to values")
        }
        for node in [Self.mapping, Self.plain("a")] {
            let refusal = Self.refusal { () throws(DocumentError) in try node.elements("x") }
            #expect(refusal == "line 3, column 7: x must be a list")
        }
        for node in [Self.mapping, Self.list, Self.quoted("")] {
            let refusal = Self.refusal { () throws(DocumentError) in try node.text("x") }
            #expect(refusal == "line 3, column 7: x must be a text")
        }
    }

    @Test("a truth value is true or false", arguments: [("true", true), ("false", false)])
    func truth(text: String, value: Bool) throws {
        #expect(try Self.plain(text).truth("x") == value)
    }

    @Test("every other word for a truth value is refused", arguments: ["yes", "True", "0", "on"])
    func noTruth(text: String) {
        let refusal = Self.refusal { () throws(DocumentError) in try Self.plain(text).truth("x") }
        #expect(refusal == "line 3, column 7: x must be true or false, not '\(text)'")
    }

    @Test("a whole number is decimal and in its range", arguments: [("0", 0), ("7", 7), ("-2", -2), ("007", 7)])
    func integer(text: String, value: Int) throws {
        #expect(try Self.plain(text).integer("x", -2...7) == value)
    }

    @Test(
        "what is no whole number of the range is refused",
        arguments: ["8", "-3", "1.0", "0x1", "+1", "one", "1 ", "99999999999999999999"])
    func noInteger(text: String) {
        let refusal = Self.refusal { () throws(DocumentError) in try Self.plain(text).integer("x", -2...7) }
        #expect(refusal == "line 3, column 7: x must be a whole number from -2 to 7, not '\(text)'")
    }

    @Test("a choice names its words when none fits")
    func choice() throws {
        #expect(try Self.plain("b").choice("x", ["a", "b", "c"]) { $0 == "b" ? 2 : nil } == 2)
        let refusal = Self.refusal { () throws(DocumentError) in
            try Self.plain("d").choice("x", ["a", "b", "c"]) { $0 == "b" ? 2 : nil }
        }
        #expect(refusal == "line 3, column 7: x must be a or b or c, not 'd'")
    }

    @Test("a path is absolute")
    func path() throws {
        #expect(try Self.plain("/a/b").path("x") == "/a/b")
        let refusal = Self.refusal { () throws(DocumentError) in try Self.plain("a/b").path("x") }
        #expect(refusal == "line 3, column 7: x must be an absolute path, not 'a/b'")
    }
}
