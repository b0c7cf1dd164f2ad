import JSONText
import SeededNumbers
import Templates
import Testing

@Suite("Limits of templates")
struct TemplateLimitsTests {
    static func nested(_ depth: Int) -> String {
        "{{ " + String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth) + " }}"
    }

    static func blocks(_ depth: Int) -> String {
        String(repeating: "{{ if true }}", count: depth) + String(repeating: "{{ end }}", count: depth)
    }

    @Test(
        "What is too large, too deep or too long is refused",
        arguments: [
            nested(65), blocks(65), nested(2_000), blocks(2_000),
            String(repeating: "x", count: Template.maximumText + 1),
            String(repeating: "{{1}}", count: 34_000), String(repeating: "x", count: Template.maximumOutput + 1),
            "{{ repeat 65537 \"x\" }}", "{{ repeat 40000 \"xy\" }}", "{{ randNumeric 65537 }}",
            String(repeating: "{{ repeat 40000 \"x\" }}", count: 2),
            "{{ $x := repeat 60000 \"x\" }}" + String(repeating: "{{ $x = trimPrefix \"a\" $x }}", count: 200),
            "{{ $x := list 1 }}" + String(repeating: "{{ $x = list $x $x }}", count: 40) + "{{ $x }}",
            "{{ $x := list 1 }}" + String(repeating: "{{ $x = list $x }}", count: 70),
            "{{ range .l }}{{ range $.l }}{{ range $.l }}{{ end }}{{ end }}{{ end }}",
            "{{ $b := splitList \"\" (repeat 9000 \"x\") }}{{ range $b }}{{ break }}{{ end }}{{ range $b }}{{ end }}",
            "{{ range .l }}{{ range $.l }}{{ $.m" + String(repeating: ".b", count: 50)
                + " }}{{ break }}{{ end }}{{ end }}",
            "{{ $x := repeat 60000 \",\" }}{{ split \",\" $x }}",
            "{{ replace \"\" (repeat 9000 \"x\") (repeat 9000 \"y\") }}",
            String(repeating: "{{ $x := 1 }}", count: 1_001),
            "{{ join (repeat 60000 \"x\") (splitList \"\" (repeat 99 \"y\")) }}",
        ])
    func refused(_ text: String) throws {
        let data: JSONValue = ["l": .array((0..<100).map { .integer($0) }), "m": [:]]
        let error = try #require(throws: TemplateError.self) { try render(text, data) }
        #expect(error.kind == .limit, "\(error)")
    }

    @Test(
        "What is just within the limits is rendered",
        arguments: [
            nested(64), blocks(64), String(repeating: "x", count: Template.maximumOutput), "{{ repeat 65535 \"x\" }}",
            "{{ trim (repeat 60000 \" \") }}",
            "{{ if false }}1" + String(repeating: "{{ else if false }}1", count: 1_000) + "{{ end }}",
        ])
    func accepted(_ text: String) throws { _ = try render(text, [:]) }

    @Test("Drawn templates never trap, and never pass a limit")
    func drawn() throws {
        var numbers = SeededGenerator(seed: 46)
        let data = try JSONValue(parsing: Array(GoExpectations.data.utf8))
        let words = Self.words
        var rendered = 0
        for _ in 0..<1_000 {
            var text = ""
            for _ in 0..<Int.random(in: 1...12, using: &numbers) {
                text += words[Int.random(in: 0..<words.count, using: &numbers)]
            }
            rendered += Self.isRendered(text, data) ? 1 : 0
            rendered += Self.isRendered("{{ " + text + " }}", data) ? 1 : 0
        }
        #expect(rendered > 30)
    }

    @Test("Templates with one changed byte never trap")
    func changed() throws {
        var numbers = SeededGenerator(seed: 64)
        let data = try JSONValue(parsing: Array(GoExpectations.data.utf8))
        for (text, _) in GoExpectations.results {
            for _ in 0..<6 {
                var bytes = Array(text.utf8)
                let place = Int.random(in: 0..<bytes.count, using: &numbers)
                bytes[place] = UInt8.random(in: 0x20..<0x7F, using: &numbers)
                _ = Self.isRendered(String(decoding: bytes, as: UTF8.self), data)
                _ = Self.isRendered(String(decoding: bytes[..<place], as: UTF8.self), data)
            }
        }
    }

    static let words = [
        "{{", "}}", "{{-", " -}}", " ", "\n", "(", ")", "|", ",", ":=", "=", ".", "$", "$x", ".Values",
        ".Values.network",
        ".MachineID", "if ", "else ", "end", "range ", "with ", "nil", "true", "1", "-1", "9223372036854775807", "0x",
        "1e400",
        "'a'", "\"é\"", "\"", "`", "\\", "/*", "*/", "é", "{{ end }}", "{{ else }}", "{{ range .Values.network }}",
        "{{ $x := 1 }}", "{{ . }}", "trunc ", "index ", "substr ", "repeat ", "int ", "print ", "split ", "dict ",
        "list ",
        "printf ", "and ", "eq ", "upper ", "quote ", "randNumeric ", "break", "define ", "template ",
    ]

    /// Says whether the text was rendered; any error must have a place in it.
    static func isRendered(_ text: String, _ data: JSONValue) -> Bool {
        do {
            #expect(try render(text, data).utf8.count <= Template.maximumOutput)
            return true
        } catch {
            #expect(error.line >= 1 && error.column >= 1 && error.column <= text.utf8.count + 1)
            return false
        }
    }
}
