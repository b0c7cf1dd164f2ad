import DocumentTree
import OEMModel
import Testing

@Suite("A file of configuration")
struct OEMFileTests {
    private static func parse(_ text: String) -> OEMFile { .parse(Array(text.utf8)) }

    private static func step(_ directive: String) throws -> StageStep {
        let file = parse("stages:\n  boot:\n    - \(directive)\n")
        #expect(file.remarks.isEmpty, "\(file.remarks)")
        return try #require(file.steps(of: "boot").first)
    }

    @Test("keeps the steps of its stages in order, with their names and places")
    func steps() {
        let file = Self.parse(
            """
            name: "demo"
            stages:
              boot:
                - name: first
                  commands: [a, b]
                - commands: [c]
              network.before:
                - hostname: x
            """)
        #expect(file.name == "demo" && file.worst == nil)
        #expect(file.stages.map(\.stage) == ["boot", "network.before"])
        #expect(file.steps(of: "boot").map(\.name) == ["first", nil])
        #expect(file.steps(of: "boot").map(\.index) == [0, 1])
        #expect(file.steps(of: "boot").map(\.mark.line) == [4, 6])
        #expect(file.steps(of: "boot")[0].commands.map(\.value) == ["a", "b"])
    }

    @Test(
        "loses as little as possible by a mistake, and names its place and the nearest key",
        arguments: [
            (
                "stages: {boot: [{files: [{path: /a, permsisions: 0644}]}, {hostname: x}]}", OEMRemark.Level.step,
                "line 1, column 37: unknown key 'permsisions' (did you mean 'permissions'?)", 1
            ),
            (
                "stages: {boot: [{systctl: {a: b}}, {hostname: x}]}", .step, "line 1, column 18: unknown key 'systctl'",
                1
            ),
            (
                "stages: {boot: [{commands: text}, {hostname: x}]}", .step,
                "line 1, column 28: commands must be a list", 1
            ),
            ("stages: {boot: [{systemctl: {enabled: [a]}}]}", .step, "line 1, column 30: unknown key 'enabled'", 0),
            (
                "stages: {boot: text, network: [{hostname: x}]}", .step,
                "line 1, column 16: the stage boot must be a list", 1
            ),
            ("stage: {boot: []}", .file, "line 1, column 1: unknown key 'stage' (did you mean 'stages'?)", 0),
            ("stages: {}\nstages: {}", .file, "line 2, column 1: key 'stages' is repeated", 0),
            ("a: [", .file, "line 2, column 1: did not find", 0),
            ("[a]", .file, "line 1, column 1: a file of configuration", 0),
            (
                "install: {}\nstages: {boot: [{hostname: x}]}", .warning,
                "line 1, column 1: 'install' is for Kairos' agent", 1
            ),
            ("users: [a]\nstages: {boot: [{hostname: x}]}", .warning, "line 1, column 1: 'users' counts only in", 1),
            (
                "stages: {install-after: [{hostname: x}]}", .warning,
                "line 1, column 10: the stage 'install-after' is none", 1
            ),
            (
                "stages: {kairos-install.pre: [{hostname: x}]}", .note,
                "line 1, column 10: the stage 'kairos-install.pre'", 1
            ),
            (
                "#cloud-config\nhostame: x\n", .warning,
                "line 2, column 1: 'hostame' is not known, and not used here; did", 0
            ),
            ("#cloud-config\napt: {}\nruncmd: [a]\n", .warning, "line 2, column 1: 'apt' of cloud-init is not done", 1),
            (
                "#cloud-config\nusers: [{name: a, grops: x}, {name: b}]\n", .step,
                "line 2, column 19: unknown key 'grops'", 1
            ),
            ("", .note, "line 1, column 1: there is nothing in it", 0),
        ])
    func mistakes(text: String, level: OEMRemark.Level, remark: String, steps: Int) {
        let file = Self.parse(text)
        #expect(file.worst == level, "\(file.remarks)")
        #expect(file.remarks.first?.description.hasPrefix(remark) == true, "\(file.remarks)")
        #expect(file.stages.flatMap(\.steps).count == steps)
    }

    @Test(
        "knows a mode however it is written",
        arguments: [
            ("0644", 0o644), ("0o644", 0o644), ("'0644'", 0o644), ("\"0o640\"", 0o640), ("384", 0o600), ("420", 0o644),
            ("448", 0o700), ("'644'", 0o644), ("0", 0),
        ])
    func modes(text: String, bits: Int) throws {
        let step = try Self.step("files: [{path: /a, permissions: \(text)}]")
        let modes = step.files.map { $0.mode.map { Int($0.bits) } }
        #expect(modes == [bits])
    }

    @Test("refuses a mode that is meant otherwise", arguments: ["644", "600", "0o9", "10000", "rw", "'0999'"])
    func badModes(text: String) {
        let file = Self.parse("stages: {boot: [{files: [{path: /a, permissions: \(text)}]}]}")
        #expect(file.worst == .step)
        #expect(file.remarks.first?.reason.hasPrefix("permissions ") == true)
    }

    @Test("takes a missing mode for none that was said, and an empty value for a key that is left out")
    func absent() throws {
        let step = try Self.step("{files: [{path: /a, permissions: , encoding: '', ownerstring: ''}], hostname: ~}")
        #expect(step.files.map(\.path) == ["/a"])
        let file = try #require(step.files.first)
        #expect(file.mode == nil && file.owner == nil && file.content == FileContent())
        #expect(step.hostname == nil)
    }

    @Test(
        "reads owners by number and by name",
        arguments: [
            ("owner: 1000, group: 100", FileOwner.ids(user: 1000, group: 100)), ("owner: 5", .ids(user: 5, group: 0)),
            ("ownerstring: 'a:b'", .names("a:b")), ("owner_string: a, owner: 3", .names("a")),
        ])
    func owners(keys: String, owner: FileOwner) throws {
        let files = try Self.step("files: [{path: /a, \(keys)}]").files
        #expect(files.map(\.owner) == [owner])
    }

    @Test(
        "decodes base64 and leaves compression to whoever writes the file",
        arguments: [
            ("content: YWJj, encoding: b64", FileContent(Array("abc".utf8), .base64)),
            ("content: YWJj, encoding: gzip+base64", FileContent(Array("abc".utf8), .gzip)),
            ("content: !!binary YWJj", FileContent(Array("abc".utf8), .base64)),
            ("content: 'a b'", FileContent(Array("a b".utf8))),
        ])
    func contents(keys: String, content: FileContent) throws {
        let files = try Self.step("files: [{path: /a, \(keys)}]").files
        #expect(files.map(\.content) == [content])
    }

    @Test(
        "takes truth in every spelling",
        arguments: [("yes", true), ("'true'", true), ("ON", true), ("no", false), ("off", false), ("False", false)])
    func truth(text: String, value: Bool) throws {
        let users = try Self.step("users: {a: {lock_passwd: \(text)}}").users
        #expect(users.map(\.isLocked) == [value])
    }

    @Test("takes a list or a text where users write either")
    func lists() throws {
        let step = try Self.step("users: {a: {groups: 'x, y', ssh_authorized_keys: github:n}, b: {groups: [z]}}")
        #expect(step.users.map(\.groups) == [["x", "y"], ["z"]])
        #expect(step.users.map(\.keys) == [["github:n"], []])
    }

    @Test("writes aliases and merge keys out, and what stands beside them wins")
    func aliases() {
        let file = Self.parse(
            """
            stages:
              rootfs:
                - &a
                  name: first
                  if: '[ -f /x ]'
                - <<: *a
                  name: second
                - *a
            """)
        #expect(file.worst == nil, "\(file.remarks)")
        #expect(file.steps(of: "rootfs").map(\.name) == ["first", "second", "first"])
        #expect(file.steps(of: "rootfs").map(\.conditions.shell) == Array(repeating: "[ -f /x ]", count: 3))
    }

    @Test("is not filled up by aliases of aliases")
    func bomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...8 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let file = Self.parse(text)
        #expect(file.worst == .file)
        #expect(file.remarks.first?.reason.hasPrefix("the aliases stand for more than") == true)
    }
}

@Suite("The header of cloud-init's files")
struct OEMHeaderTests {
    @Test(
        "is seen behind empty lines and comments, and only as a line of its own",
        arguments: [
            ("#cloud-config\n", true), ("\n# about\n#cloud-config  \nhostname: x\n", true),
            ("#cloud-config-archive\n", false),
            ("hostname: x\n#cloud-config\n", false), ("#node-config\n", false), ("", false),
            ("\u{FEFF}#cloud-config\r\na: b\r\n", true), (String(repeating: "\n", count: 9) + "#cloud-config", false),
        ])
    func header(text: String, isCloudConfig: Bool) {
        #expect(OEMHeader.isCloudConfig(Array(text.utf8)) == isCloudConfig)
    }
}
