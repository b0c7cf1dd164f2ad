import Testing

@testable import JSONText

@Suite("JSON parser")
struct JSONParserTests {
    @Test(
        "a well-formed text is read",
        arguments: [
            ("null", .null), (" true ", true), ("[1, -2,3]", [1, -2, 3]), ("1.5", .number(1.5)),
            ("{\"b\":1,\"a\":{}}", ["b": 1, "a": [:]]), ("\"\\u00e4\\n\\ud83d\\ude00\"", "ä\n😀"),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("0", 0), ("-0.0e1", .number(-0.0)),
        ] as [(String, JSONValue)])
    func reads(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
    }

    @Test(
        "a malformed text is refused with its place",
        arguments: [
            ("", 1, 1), ("{", 1, 2), ("[1,]", 1, 4), ("{\"a\":1,\n\"a\":2}", 2, 6), ("01", 1, 1), ("tru", 1, 1),
            ("\"a", 1, 1), ("\"\\x\"", 1, 3), ("\"\\ud800\"", 1, 4), ("1 2", 1, 3), ("\"\n\"", 1, 2), ("{1:2}", 1, 2),
            ("\"\\u+123\"", 1, 4), ("1e", 1, 3), ("1e999", 1, 1), ("[", 1, 2), ("-", 1, 2),
        ])
    func refuses(text: String, line: Int, column: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
        #expect(error?.line == line && error?.column == column, "\(String(describing: error))")
    }

    @Test("nesting beyond the limit is refused, not a crash")
    func refusesDepth() {
        let text = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test("bytes that are not UTF-8 are refused")
    func refusesInvalidText() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test("what is written is read back the same", arguments: [true, false])
    func roundTrip(indented: Bool) throws {
        let value: JSONValue = ["a": [1, "x\"\\\u{1}", [:], []], "b": .null, "c": .number(0.25), "d": false]
        #expect(try JSONValue(parsing: value.serialized(indented: indented)) == value)
    }
}
