import DocumentTree
import Testing

@Suite("Environment file")
struct EnvironmentFileTests {
    @Test("assignments are read in order, without quotes, comments and the word export")
    func reads() throws {
        let text = "# comment\n\n  A=1 \nexport B='two words'\nC_2=\"\"\nA=a=b"
        let assignments = try EnvironmentFile(parsing: text).assignments
        #expect(assignments.map(\.name) == ["A", "B", "C_2", "A"])
        #expect(assignments.map(\.value) == ["1", "two words", "", "a=b"])
        #expect(assignments.map(\.mark.line) == [3, 4, 5, 6])
    }

    @Test(
        "what is no assignment is refused with its line",
        arguments: [
            ("A=1\nb c=d", "line 2, column 1: 'b c=d' is no assignment; write NAME=value"),
            ("=x", "line 1, column 1: '=x' is no assignment; write NAME=value"),
            ("exported", "line 1, column 1: 'exported' is no assignment; write NAME=value"),
            ("\nA=\"x", "line 2, column 1: a quote is not closed"), ("A='", "line 1, column 1: a quote is not closed"),
        ])
    func refuses(text: String, message: String) {
        let error = #expect(throws: DocumentError.self) { try EnvironmentFile(parsing: text) }
        #expect(error?.description == message)
    }
}
