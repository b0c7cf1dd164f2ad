import DocumentTree
import ImageModel
import SeededNumbers
import Testing
import YAMLDocuments

@testable import InstanceData

@Suite("User data")
struct UserDataReaderTests {
    /// A stand-in for gzip: what follows the magic is the text, and the word `bomb` unpacks without end.
    static let tools = UserDataTools(
        decompress: { bytes, limit in
            let text = Array(bytes.dropFirst(2))
            if text == Array("bomb".utf8) { return Array(repeating: 0x20, count: limit + 1) }
            return text.count <= limit ? text : nil
        },
        parse: { (text) throws(DocumentError) in try YAMLDocument.parse(text, references: .expanded) })

    static func read(_ text: String, limits: UserDataLimits = UserDataLimits()) -> UserData {
        read(Array(text.utf8), limits: limits)
    }

    static func read(_ bytes: [UInt8], limits: UserDataLimits = UserDataLimits()) -> UserData {
        var reader = UserDataReader(limits: limits, tools: tools)
        return reader.read(bytes)
    }

    static func packed(_ text: String) -> [UInt8] { [0x1F, 0x8B] + Array(text.utf8) }

    static func message(_ parts: [String], boundary: String = "b1", lineEnd: String = "\n") -> String {
        let head = "MIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=\"\(boundary)\"\n\npreamble\n"
        let body = parts.map { "--\(boundary)\n\($0)\n" }.joined() + "--\(boundary)--\nepilogue\n"
        return (head + body).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd)
    }

    static let kinds: [(String, UserDataPart.Kind)] = [
        ("#cloud-config\nhostname: a\n", .cloudConfig),
        ("\n# ours\n#cloud-config  \nhostname: a\n", .cloudConfig),
        ("#Cloud-Config\r\nhostname: a\r\n", .cloudConfig),
        ("\u{FEFF}#cloud-config\n", .cloudConfig),
        ("stages:\n  boot: []\n", .stages),
        ("#!/bin/sh\necho a\n", .script),
        ("#include\nhttp://a/b\n\n# no\nhttps://c\n", .include(["http://a/b", "https://c"])),
        ("#include-once http://a/b\n", .include(["http://a/b"])),
    ]

    @Test("a text is told by its beginning", arguments: kinds)
    func kind(text: String, kind: UserDataPart.Kind) {
        let data = Self.read(text)
        #expect(data.parts == [UserDataPart(kind: kind, bytes: Array(text.utf8), name: "user-data", depth: 0)])
        #expect(data.refusals.isEmpty)
    }

    static let refusals: [(String, String)] = [
        ("## template: jinja\n#cloud-config\n", "Jinja"),
        ("#cloud-boothook\n#!/bin/sh\n", "#cloud-boothook"),
        ("#part-handler\n", "#part-handler"),
        ("#cloud-config-jsonp\n[]\n", "#cloud-config-jsonp"),
        ("#upstart-job\n", "#upstart-job"),
        ("- a\n- b\n", "no mapping"),
        ("hello\n", "no mapping"),
        ("#cloud-config\n- a\n", "no configuration"),
        ("#cloud-configuration\n- a\n", "no known kind"),
        ("a: [\n", "no YAML: line"),
        (" \n", "empty"),
        ("#include\nfile:///etc/shadow\n", "file:///etc/shadow"),
        ("#cloud-config-archive\na: b\n", "list of parts"),
    ]

    @Test("what is not taken is refused by name and with a reason", arguments: refusals)
    func refusal(text: String, words: String) {
        let data = Self.read(text)
        #expect(data.parts.isEmpty)
        #expect(data.refusals.count == 1)
        #expect(data.refusals.first?.name == "user-data")
        #expect(data.refusals.first?.description.contains(words) == true)
    }

    @Test("the place of a fault in a configuration is left to who reads it")
    func syntax() { #expect(Self.read("#cloud-config\na: [\n").parts.map(\.kind) == [.cloudConfig]) }

    @Test("the header counts in the first nine lines only", arguments: [(8, true), (9, false)])
    func lateHeader(lines: Int, isFound: Bool) {
        let text = String(repeating: "# x\n", count: lines) + "#cloud-config\na: b\n"
        #expect(Self.read(text).parts.map(\.kind) == [isFound ? .cloudConfig : .stages])
    }

    @Test("a message gives its parts in order, whatever ends its lines", arguments: ["\n", "\r\n"])
    func multipart(lineEnd: String) {
        let script = Base64.encode(Array("#!/bin/sh\necho a\n".utf8))
        let text = Self.message(
            [
                "Content-Type: text/cloud-config; charset=\"us-ascii\"\nContent-Disposition: attachment;\n\tfilename=\"a/b c.yaml\"\n\nhostname: a",
                "Content-Type: text/x-shellscript\nContent-Transfer-Encoding: base64\n\n\(script.prefix(8))\n\(script.dropFirst(8))\n",
                "content-type: TEXT/X-INCLUDE-URL\n\nhttp://a",
                "\n#cloud-config\nb: c=3D",
                "Content-Type: text/plain\nContent-Transfer-Encoding: Quoted-Printable\n\n#cloud-config\nb: c=3Dd=\ne",
                "Content-Type: text/part-handler\n\nx",
                "Content-Type: text/odd\n\nx",
            ], lineEnd: lineEnd)
        let data = Self.read(text)
        #expect(data.parts.map(\.kind) == [.cloudConfig, .script, .include(["http://a"]), .cloudConfig, .cloudConfig])
        #expect(data.parts.map(\.name) == ["b_c.yaml", "part-002", "part-003", "part-004", "part-005"])
        #expect(data.parts.first?.bytes == Array("hostname: a".utf8))
        #expect(data.parts[1].bytes == Array("#!/bin/sh\necho a\n".utf8))
        #expect(data.parts[3].bytes == Array("#cloud-config\(lineEnd)b: c=3D".utf8))
        #expect(data.parts[4].bytes == Array("#cloud-config\nb: c=de".utf8))
        #expect(data.refusals.map(\.name) == ["part-006", "part-007"])
        #expect(data.refusals.last?.reason.contains("text/odd") == true)
    }

    @Test("a message inside a message is read, down to the limit", arguments: [(1, true), (2, true), (3, false)])
    func nested(levels: Int, fits: Bool) {
        var part = "Content-Type: text/x-shellscript\n\n#!/bin/sh"
        for level in 0..<levels {
            part = "Content-Type: multipart/mixed; boundary=in\(level)\n\n--in\(level)\n\(part)\n--in\(level)--\n"
        }
        var limits = UserDataLimits()
        limits.depth = 4
        let data = Self.read(Self.message([part]), limits: limits)
        #expect(data.parts.map(\.bytes) == (fits ? [Array("#!/bin/sh".utf8)] : []))
        #expect(data.refusals.isEmpty == fits)
    }

    @Test("a template is refused, and a packed text unpacked, whatever its part is declared as")
    func declared() {
        let packed = Base64.encode(Self.packed("hostname: a"))
        let data = Self.read(
            Self.message([
                "Content-Type: text/cloud-config\n\n## template: jinja\n#cloud-config\na: b",
                "Content-Type: text/cloud-config\nContent-Transfer-Encoding: base64\n\n\(packed)",
                "Content-Type: application/x-gzip\n\nplain",
            ]))
        #expect(data.parts.map(\.kind) == [.cloudConfig])
        #expect(data.parts.first?.bytes == Array("hostname: a".utf8))
        #expect(data.refusals.map(\.name) == ["part-001", "part-003"])
    }

    @Test("a message that is cut does not give its last part")
    func cut() {
        let whole = Self.message([
            "Content-Type: text/cloud-config\n\na: b", "Content-Type: text/x-shellscript\n\n#!/bin/sh\nrm x",
        ])
        let end = whole.range(of: "--b1--")
        let data = Self.read(String(whole[..<end]))
        #expect(data.parts.map(\.kind) == [.cloudConfig])
        #expect(data.refusals.first?.reason.contains("cut") == true)
    }

    static let badMessages: [(String, String)] = [
        ("Content-Type: multipart/mixed\n\n--a\n", "boundary"),
        ("Content-Type: multipart/mixed; boundary=zz\n\n--a\nx\n--a--\n", "no part begins"),
        ("MIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: x-uuencode\n\nx\n", "x-uuencode"),
        ("MIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n#!!\n", "damaged"),
        ("Content-Type: multipart/mixed; boundary=a\n\n--a\nno field\n\nx\n--a--\n", "no field"),
    ]

    @Test("a damaged message is refused with the reason", arguments: badMessages)
    func badMessage(text: String, words: String) {
        let data = Self.read(text)
        #expect(data.parts.isEmpty)
        #expect(data.refusals.first?.reason.contains(words) == true)
    }

    @Test("a list of parts gives them in order")
    func archive() {
        let text = """
            #cloud-config-archive
            - |
              #!/bin/sh
              echo a
            - type: text/cloud-config
              filename: ../../etc/x.yaml
              content: "hostname: a"
            - content: "b: c"
            - {type: text/x-shellscript, content: !!binary IyEvYmluL3No}
            - {type: text/jinja2, content: x}
            - {tpye: text/plain, content: x}
            """
        let data = Self.read(text)
        #expect(data.parts.map(\.kind) == [.script, .cloudConfig, .cloudConfig, .script])
        #expect(data.parts.map(\.name) == ["part-001", "x.yaml", "part-003", "part-004"])
        #expect(data.parts.last?.bytes == Array("#!/bin/sh".utf8))
        #expect(data.refusals.map(\.name) == ["part-005", "part-006"])
        #expect(data.refusals.last?.reason.contains("did you mean 'type'") == true)
    }

    @Test("gzip is unpacked, and what is in it is told anew")
    func gzip() {
        let data = Self.read(Self.packed("#!/bin/sh\n"))
        #expect(data.parts.map(\.kind) == [.script])
        #expect(data.parts.map(\.depth) == [1])
    }

    @Test("gzip inside gzip ends at the limit, and a bomb at the size")
    func bombs() {
        let layers = [UInt8](repeating: 0, count: 12).enumerated().map { $0.offset % 2 == 0 ? UInt8(0x1F) : 0x8B }
        #expect(Self.read(layers + Array("#!x".utf8)).refusals.first?.reason.contains("5 containers") == true)
        #expect(Self.read(Array(layers.prefix(10)) + Array("#!x".utf8)).parts.count == 1)
        #expect(Self.read(Self.packed("bomb")).refusals.first?.reason.contains("unpacks") == true)
    }

    @Test("all texts together have one limit, also over what is included")
    func size() {
        var limits = UserDataLimits()
        limits.bytes = 40
        var reader = UserDataReader(limits: limits, tools: Self.tools)
        #expect(reader.read(Array("#!/bin/sh\n# 20 bytes\n".utf8)).parts.count == 1)
        #expect(reader.read(Array("#!/bin/sh\n# 20 bytes\n".utf8), depth: 1).parts.isEmpty)
        #expect(
            Self.read(String(repeating: "x", count: 41), limits: limits).refusals.first?.reason.contains("40") == true)
    }

    @Test("an address that is included too deep is refused")
    func includedDepth() {
        var reader = UserDataReader(tools: Self.tools)
        #expect(reader.read(Array("#!x".utf8), depth: 5).parts.count == 1)
        #expect(reader.read(Array("#!x".utf8), depth: 6).parts.isEmpty)
    }

    @Test("there are at most so many parts and addresses")
    func counts() {
        let many = Self.message(Array(repeating: "Content-Type: text/x-shellscript\n\n#!x", count: 70))
        let data = Self.read(many)
        #expect(data.parts.count == 64)
        #expect(data.refusals.count == 1)
        let list = "#include\n" + String(repeating: "http://a\n", count: 65)
        #expect(Self.read(list).parts.isEmpty)
    }

    @Test("a header of folded lines without end costs little", .timeLimit(.minutes(10)))
    func folded() {
        let text = "Content-Type: multipart/mixed;" + String(repeating: "\n ;a=\"b", count: 20_000)
        #expect(Self.read(text).parts.isEmpty)
    }

    @Test("a text of any bytes is read to an end")
    func drawn() {
        var generator = SeededGenerator(seed: 9)
        let pieces = [
            "--b", "\n", "\r\n", "Content-Type: ", "multipart/mixed; boundary=b", "#cloud-config", "=", "\"", "\\", ";",
            "#include", "- ", "MIME-Version: 1.0\n", "\n\n", "#cloud-config-archive\n", "\u{1F}", "content: ", " ", ":",
        ]
        for _ in 0..<500 {
            let count = Int.random(in: 0..<30, using: &generator)
            var text = ""
            for _ in 0..<count { text += pieces.randomElement(using: &generator) ?? "" }
            let data = Self.read(text)
            #expect(data.parts.reduce(0) { $0 + $1.bytes.count } <= text.utf8.count * 2)
        }
    }
}

extension String {
    fileprivate func range(of word: String) -> String.Index {
        indices.last { self[$0...].hasPrefix(word) } ?? endIndex
    }
}
