import DocumentTree
import SeededNumbers
import Testing
import YAMLDocuments

@Suite("YAML document")
struct YAMLDocumentTests {
    static let text = """
        ephemeral:
          store: tmpfs:10%
          paths: [/etc, "~"]
        volumes:
          - device: 'LABEL=data'
            required: false
        """

    private static func parse(_ text: String) throws -> DocumentNode? { try YAMLDocument.parse(Array(text.utf8)) }

    @Test("every value has its text and its place, and quotes are told from none")
    func reads() throws {
        let root = try #require(try Self.parse(Self.text))
        let pairs = try root.pairs("root")
        #expect(pairs.map(\.key) == ["ephemeral", "volumes"])
        #expect(pairs.map(\.mark.line) == [1, 4])
        let paths = try #require(try pairs[0].value.pairs("ephemeral").last)
        #expect(paths.mark == DocumentMark(line: 3, column: 3))
        let elements = try paths.value.elements("paths")
        #expect(try elements.map { try $0.text("path") } == ["/etc", "~"])
        #expect(elements.map(\.mark) == [DocumentMark(line: 3, column: 11), DocumentMark(line: 3, column: 17)])
        let volume = try #require(try pairs[1].value.elements("volumes").first).pairs("volume")
        #expect(try volume.map { try $0.value.text("value") } == ["LABEL=data", "false"])
    }

    @Test("quotes tell a text from nothing", arguments: [("~", true), ("'~'", false), ("null", true), ("\"\"", false)])
    func quotes(text: String, isEmpty: Bool) throws {
        #expect(try #require(try Self.parse(text)).isEmpty == isEmpty)
    }

    @Test("a text without a document has no node", arguments: ["", "# nothing\n"])
    func empty(text: String) throws {
        #expect(try Self.parse(text) == nil)
    }

    @Test(
        "a mistake is refused with line and column",
        arguments: [
            ("a: &x 1\n", "line 1, column 4: anchors and tags are not accepted"),
            ("a: *x\n", "line 1, column 4: aliases are not accepted"),
            ("a: 1\na: 2\n", "line 2, column 1: key 'a' is repeated"),
            ("a: 1\n---\nb: 2\n", "line 3, column 1: a second document"), ("a: [1\n", "line 2, column 1: "),
            ("\ta: 1\n", "line 1, column 1: "), ("[1]: 2\n", "line 1, column 1: a key must be a text"),
        ])
    func refuses(text: String, message: String) {
        let error = #expect(throws: DocumentError.self) { try Self.parse(text) }
        #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
    }

    @Test("nesting beyond the limit is refused, not a crash")
    func depth() {
        let text = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: DocumentError.self) { try YAMLDocument.parse(text) }
    }

    @Test("no cut and no flipped byte of a text is a crash")
    func mutations() {
        var generator = SeededGenerator(seed: 7)
        let bytes = Array(Self.text.utf8)
        for length in bytes.indices { _ = try? YAMLDocument.parse(Array(bytes.prefix(length))) }
        for _ in 0..<3000 {
            var mutated = bytes
            mutated[Int.random(in: mutated.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            _ = try? YAMLDocument.parse(mutated)
        }
    }
}
