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

    @Test(
        "aliases, merge keys and YAML's own tags are taken where that is asked for",
        arguments: [
            ("a: &x 1\nb: *x\n", "a=1 b=1"), ("a: &x {k: 1, l: 2}\nb: {<<: *x, l: 3}\n", "a={k=1 l=2} b={l=3 k=1}"),
            ("a: {<<: [{k: 1}, {k: 2, l: 3}]}\n", "a={k=1 l=3}"), ("a: !!str 1\nb: !!int 2\n", "a=1 b=2"),
            ("a: &x 1\nb: &x 2\nc: *x\n", "a=1 b=2 c=2"), ("a: {'<<': 1}\n", "a={<<=1}"),
        ])
    func references(text: String, content: String) throws {
        let node = try #require(try YAMLDocument.parse(Array(text.utf8), references: .expanded))
        #expect(Self.render(node).dropFirst().dropLast() == content)
    }

    @Test(
        "an alias that stands for nothing, for too much or for itself is refused with its place",
        arguments: [
            ("a: *x\n", "line 1, column 4: there is no whole value with the anchor '&x'"),
            ("a: &x [*x]\n", "line 1, column 8: there is no whole value"),
            ("a: {<<: text}\n", "line 1, column 9: '<<' must be a mapping"),
            ("a: {<<: [text]}\n", "line 1, column 10: an element of '<<' must be a mapping"),
            ("a: !local 1\n", "line 1, column 4: the tag '!local' is not accepted"),
            ("a: !!map 1\n", "line 1, column 4: the tag 'tag:yaml.org,2002:map' is not accepted"),
        ])
    func badReferences(text: String, message: String) {
        let error = #expect(throws: DocumentError.self) {
            try YAMLDocument.parse(Array(text.utf8), references: .expanded)
        }
        #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
    }

    @Test("aliases do not lead deeper than the limit")
    func deepAliases() {
        var text = "a0: &a0 [x]\n"
        for level in 1...80 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        let error = #expect(throws: DocumentError.self) {
            try YAMLDocument.parse(Array(text.utf8), references: .expanded)
        }
        #expect(error?.reason == "nested deeper than 64")
    }

    private static func render(_ node: DocumentNode) -> String {
        switch node.content {
        case .scalar(let text, _): text
        case .sequence(let elements): "[\(elements.map(render).joined(separator: " "))]"
        case .mapping(let pairs): "{\(pairs.map { "\($0.key)=\(render($0.value))" }.joined(separator: " "))}"
        }
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
