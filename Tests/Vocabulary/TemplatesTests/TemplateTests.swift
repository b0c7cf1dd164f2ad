import ImageModel
import JSONText
import Templates
import Testing

/// SHA-256 of the texts that the expectations hash.
let knownHashes = [
    "hello": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
]

/// Random bytes that count up from 0, and no other chance.
let surroundings = TemplateSurroundings(
    random: { count in (0..<count).map { UInt8(truncatingIfNeeded: $0) } },
    sha256: { bytes in
        knownHashes[String(decoding: bytes, as: UTF8.self)].flatMap { Hexadecimal.bytes(of: $0) } ?? []
    },
    environment: ["LIFEBOOT_STAGE": "boot"])

func render(_ text: String, _ data: JSONValue) throws(TemplateError) -> String {
    try Template(parsing: text).render(data, surroundings)
}

@Suite("Templates")
struct TemplateTests {
    let facts: JSONValue

    init() throws { facts = try JSONValue(parsing: Array(GoExpectations.data.utf8)) }

    @Test("A result is the one of Go with sprig", arguments: GoExpectations.results)
    func result(of text: String, is expected: String) throws {
        let rendered = try render(text, facts)
        // By bytes: equal texts may differ in how a letter is composed.
        #expect(Array(rendered.utf8) == Array(expected.utf8), "\(rendered)")
    }

    @Test("What Go does not parse is foreign", arguments: GoExpectations.unparsable)
    func foreign(_ text: String) throws {
        let error = try #require(throws: TemplateError.self) { try Template(parsing: text) }
        #expect(error.kind == .foreign)
    }

    @Test("What Go fails to execute fails", arguments: GoExpectations.failing)
    func failing(_ text: String) throws {
        let error = try #require(throws: TemplateError.self) { try render(text, facts) }
        #expect(error.kind == .failed, "\(error)")
    }

    @Test(
        "What Go and sprig have and we have not is unsupported",
        arguments: [
            "{{ now }}", "{{ indent 4 .s }}", "{{ template \"x\" . }}", "{{ define \"x\" }}{{ .s }}{{ end }}",
            "{{ block \"x\" . }}a{{ end }}", "{{ html .s }}", "{{ 2i }}", "{{ \"\\xff\" }}",
            "{{ if indent 1 .s }}{{ end }}",
        ])
    func unsupported(_ text: String) throws {
        let error = try #require(throws: TemplateError.self) { try Template(parsing: text) }
        #expect(error.kind == .unsupported, "\(error)")
    }

    @Test(
        "A verb of printf that is not here is unsupported, and one that does not fit fails",
        arguments: [
            ("{{ printf \"%x\" 1 }}", TemplateError.Kind.unsupported), ("{{ printf \"%d\" \"a\" }}", .failed),
            ("{{ printf \"%s\" 1 }}", .failed), ("{{ printf \"%s\" }}", .failed), ("{{ printf \"a\" 1 }}", .failed),
            ("{{ printf \"%\" }}", .failed), ("{{ printf \"%q\" 1 }}", .failed),
        ])
    func printing(_ text: String, fails kind: TemplateError.Kind) throws {
        #expect(try #require(throws: TemplateError.self) { try render(text, facts) }.kind == kind)
    }

    @Test(
        "A text that is foreign further on is foreign, not unsupported",
        arguments: [
            "{{ indent 4 (toYaml .x) }}", "{{ template \"x\" . }}{{ nofunc }}",
            "{{ define \"x\" }}{{ nofunc }}{{ end }}",
        ])
    func foreignFirst(_ text: String) throws {
        #expect(try #require(throws: TemplateError.self) { try Template(parsing: text) }.kind == .foreign)
    }

    @Test(
        "A field that the root does not have is an error that shows its place and how to write braces",
        arguments: [
            ("a\n  {{.Names}}", 2, 5), ("{{ if false }}{{ .Names }}{{ end }}", 1, 18),
            ("{{ range .Values.network }}{{ $.Names }}{{ end }}", 1, 31),
            ("{{ with . }}{{ .Names.x }}{{ end }}", 1, 16),
            ("é{{ upper (print .Names) }}", 1, 19),
        ])
    func unknownField(_ text: String, line: Int, column: Int) throws {
        let error = try #require(throws: TemplateError.self) { try render(text, facts) }
        #expect(error.kind == .unknownField)
        #expect((error.line, error.column) == (line, column))
        let fields = ".Names; the fields are .Values, .MachineID, .s; write {{ \"{{\" }} where"
        #expect(error.reason.hasPrefix("there is no field " + fields))
        #expect(error.description.hasPrefix("line \(line), column \(column): there is no"))
    }

    @Test(
        "A field of something else than the root may be missing",
        arguments: [
            "{{ range .Values.network }}{{ .Names }}{{ end }}", "{{ with .Values }}{{ .Names }}{{ end }}",
        ])
    func missingField(_ text: String) throws {
        #expect(try render(text, facts).hasPrefix("<no value>"))
    }

    @Test(
        "The fields are all paths of the root that are read, each once",
        arguments: [
            ("{{ .Values.node.hostname }}{{ .Values.node.hostname }}", [["Values", "node", "hostname"]]),
            ("{{ upper (trunc 4 .MachineID | lower) }}", [["MachineID"]]),
            (
                "{{ with .Values.node }}{{ .hostname }}{{ end }}",
                [["Values", "node"], ["Values", "node", "hostname"]]
            ),
            (
                "{{ range .Values.network }}{{ .name }}{{ $.s }}{{ else }}{{ .MachineID }}{{ end }}",
                [["Values", "network"], ["s"], ["MachineID"]]
            ),
            ("{{ $v := .Values }}{{ $v.os.name }}", [["Values"]]), ("{{ index . \"Values\" }}", [[]]),
            ("{{ (index .Values.network 0).mac }}", [["Values", "network"]]),
            (
                "{{ if .a }}{{ .b }}{{ else if $.c }}{{ .d }}{{ else }}{{ .e }}{{ end }}",
                [["a"], ["b"], ["c"], ["d"], ["e"]]
            ),
            ("text {{ \"x\" }}", []),
        ])
    func fields(_ text: String, are paths: [[String]]) throws {
        #expect(try Template(parsing: text).fields == paths)
    }

    @Test(
        "Braces occur only as a pair",
        arguments: [
            ("", false), ("{ {", false), ("a{{", true), ("{\"a\": {}}", false), ("{{ x }}", true), ("}}", false),
        ])
    func occurrence(_ text: String, occurs: Bool) { #expect(Template.occurs(in: text) == occurs) }

    @Test(
        "A text is cut in front of a character, never inside",
        arguments: [
            ("{{ trunc 2 \"aé\" }}", "a"), ("{{ trunc 3 \"aé\" }}", "aé"), ("{{ trunc -1 \"é\" }}", ""),
            ("{{ trunc -3 \"éé\" }}", "é"), ("{{ substr 1 3 \"éa\" }}", "a"), ("{{ trunc 3 \"😀\" }}", ""),
        ])
    func cut(_ text: String, is expected: String) throws { #expect(try render(text, facts) == expected) }

    @Test(
        "Whole numbers compare with others, since Go's facts are floats",
        arguments: [
            ("{{ eq 1 1.0 }}", "true"), ("{{ lt .Values.n 7.5 }}", "true"), ("{{ trunc 2.0 \"abc\" }}", "ab"),
        ])
    func wholeNumbers(_ text: String, is expected: String) throws { #expect(try render(text, facts) == expected) }

    @Test(
        "Chance is asked for, and each letter is as likely as the others",
        arguments: [
            ("{{ randAlphaNum 4 }}", "ABCD"), ("{{ randNumeric 12 }}", "012345678901"), ("{{ randNumeric 0 }}", ""),
            ("{{ uuidv4 }}", "00010203-0405-4607-8809-0a0b0c0d0e0f"), ("{{ env \"LIFEBOOT_STAGE\" }}", "boot"),
        ])
    func surrounding(_ text: String, gives expected: String) throws { #expect(try render(text, facts) == expected) }

    @Test(
        "What the surroundings do not give is an error",
        arguments: [
            "{{ env \"PATH\" }}", "{{ randNumeric 4 }}", "{{ uuidv4 }}", "{{ b64dec \"?\" }}", "{{ b64dec \"/w==\" }}",
            "{{ randAlphaNum -1 }}",
        ])
    func lackingSurroundings(_ text: String) throws {
        let poor = TemplateSurroundings(random: { _ in [255] }, sha256: { _ in [] })
        let error = try #require(throws: TemplateError.self) { try Template(parsing: text).render([:], poor) }
        #expect(error.kind == .failed)
    }
}
