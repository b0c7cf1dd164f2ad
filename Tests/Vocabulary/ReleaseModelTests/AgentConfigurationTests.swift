import DocumentTree
import Faults
import JSONText
import ReleaseModel
import SystemPackage
import Testing
import YAMLDocuments

@Suite("Configuration of the agent")
struct AgentConfigurationTests {
    /// Builds nodes as the YAML reader does, one line a pair.
    static func mapping(_ pairs: [(String, DocumentNode)]) -> DocumentNode {
        let pairs = pairs.enumerated().map { index, pair in
            DocumentPair(key: pair.0, mark: .init(line: index + 1, column: 1), value: pair.1)
        }
        return DocumentNode(.mapping(pairs), at: .init(line: 1, column: 1))
    }

    static func text(_ text: String) -> DocumentNode {
        DocumentNode(.scalar(text, quoted: false), at: .init(line: 1, column: 9))
    }

    @Test("a later file overrides an earlier one key by key")
    func layers() throws {
        var configuration = AgentConfiguration()
        let registry = Self.mapping([("ca", Self.text("/etc/ca.pem")), ("plain-http", Self.text("true"))])
        try configuration.apply(
            Self.mapping([
                ("channel", Self.text("oci://a/b:c")),
                ("policy", Self.mapping([("unsigned", Self.text("allow")), ("board", Self.text("blue"))])),
                ("registries", Self.mapping([("r.example:5000", registry)])),
            ]), from: "/usr/lib/lifeboot/config.yaml")
        let mirrors = DocumentNode(.sequence([Self.text("m.example/os")]), at: .init(line: 1, column: 1))
        try configuration.apply(
            Self.mapping([
                ("policy", Self.mapping([("unsigned", Self.text("refuse")), ("downgrade", Self.text("allow"))])),
                ("registries", Self.mapping([("r.example:5000", Self.mapping([("mirrors", mirrors)]))])),
                ("hooks", Self.mapping([("strict", Self.text("false"))])),
            ]), from: "/oem/lifeboot.yaml")
        #expect(configuration.channel == "oci://a/b:c")
        #expect(configuration.policy.unsigned == .refuse && configuration.policy.downgrade == .allow)
        #expect(configuration.policy.board == "blue")
        let reached = try #require(configuration.registries["r.example:5000"])
        #expect(reached.certificateAuthority == "/etc/ca.pem" && reached.plainHTTP)
        #expect(reached.mirrors == ["m.example/os"])
        #expect(!configuration.hooksAreStrict)
    }

    @Test(
        "an unknown key and a value of the wrong kind are refused with file and line",
        arguments: [
            (mapping([("chanel", text("x"))]), "unknown key 'chanel'"),
            (mapping([("policy", mapping([("unsigned", text("maybe"))]))]), "allow or refuse"),
            (mapping([("policy", mapping([("signed", text("allow"))]))]), "unknown key 'signed'"),
            (mapping([("registries", mapping([("https://r", mapping([]))]))]), "host or host:port"),
            (mapping([("registries", mapping([("r", mapping([("ca", text("ca.pem"))]))]))]), "absolute path"),
            (mapping([("hooks", mapping([("strict", text("yes"))]))]), "true or false"),
        ])
    func faults(_ document: DocumentNode, _ cause: String) {
        var configuration = AgentConfiguration()
        let error = #expect(throws: ConfigurationError.self) {
            try configuration.apply(document, from: "/oem/lifeboot.yaml")
        }
        #expect(error?.description.contains(cause) == true)
        #expect(error?.description.hasPrefix("reading /oem/lifeboot.yaml: line 1, column ") == true)
    }

    static func read(_ text: String) throws -> AgentConfiguration {
        var configuration = AgentConfiguration()
        if let document = try YAMLDocument.parse(Array(text.utf8)) {
            try configuration.apply(document, from: "/oem/lifeboot.yaml")
        }
        return configuration
    }

    @Test("every key goes where it belongs")
    func everyKey() throws {
        let configuration = try Self.read(
            """
            deadline: 90
            proxy: http://p
            hooks: {strict: false}
            registries: {R.example: {auth-file: /f, mirrors: [m, n], plain-http: true, ca: /c}, s: }
            policy:
              {board: b, give-up-passive: allow, full-download: refuse, downgrade: allow, local-images: refuse,
               unsigned: allow}
            channel: oci://c
            """)
        var expected = AgentConfiguration()
        expected.channel = "oci://c"
        expected.policy.unsigned = .allow
        expected.policy.localImages = .refuse
        expected.policy.downgrade = .allow
        expected.policy.fullDownload = .refuse
        expected.policy.givingUpPassive = .allow
        expected.policy.board = "b"
        var registry = AgentConfiguration.Registry()
        registry.certificateAuthority = "/c"
        registry.plainHTTP = true
        registry.mirrors = ["m", "n"]
        registry.authFile = "/f"
        expected.registries = ["r.example": registry, "s": AgentConfiguration.Registry()]
        expected.hooksAreStrict = false
        expected.proxy = "http://p"
        expected.deadline = .seconds(5_400)
        #expect(configuration == expected)
    }

    @Test(
        "an unknown key is refused at every level, with the keys known there",
        arguments: [
            (
                "chanel: x\n",
                "line 1, column 1: unknown key 'chanel' (did you mean 'channel'?); "
                    + "known are channel, policy, registries, hooks, proxy, deadline, oem, console, update"
            ),
            (
                "policy: {strict: true}\n",
                "line 1, column 10: unknown key 'strict'; known are unsigned, "
                    + "local-images, downgrade, full-download, give-up-passive, recovery-upgrade, board"
            ),
            (
                "registries: {r: {mirror: []}}\n",
                "line 1, column 18: unknown key 'mirror' (did you mean "
                    + "'mirrors'?); known are ca, plain-http, mirrors, auth-file"
            ),
            ("hooks: {loose: true}\n", "line 1, column 9: unknown key 'loose'; known are strict"),
        ])
    func unknownKeys(text: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.read(text) }
        #expect(error?.description == "reading /oem/lifeboot.yaml: \(message). Correct the file; nothing was done.")
    }

    @Test(
        "a value of the wrong kind is refused with its place, whatever the key",
        arguments: [
            ("[]\n", "line 1, column 1: the configuration must be a mapping"),
            ("channel: []\n", "line 1, column 10: channel must be a text"),
            ("proxy: ~\n", "line 1, column 8: proxy must be a text"),
            ("deadline: 0\n", "line 1, column 11: deadline must be a whole number from 1 to 525600, not '0'"),
            ("deadline: soon\n", "line 1, column 11: deadline must be a whole number from 1 to 525600, not 'soon'"),
            ("policy: refuse\n", "line 1, column 9: policy must be a mapping"),
            ("policy: {unsigned: true}\n", "line 1, column 20: unsigned must be allow or refuse, not 'true'"),
            ("policy: {local-images: []}\n", "line 1, column 24: local-images must be a text"),
            ("policy: {downgrade: no}\n", "line 1, column 21: downgrade must be allow or refuse, not 'no'"),
            ("policy: {full-download: 1}\n", "line 1, column 25: full-download must be allow or refuse, not '1'"),
            ("policy: {give-up-passive: x}\n", "line 1, column 27: give-up-passive must be allow or refuse, not 'x'"),
            ("policy: {board: {}}\n", "line 1, column 17: board must be a text"),
            ("registries: []\n", "line 1, column 13: registries must be a mapping"),
            ("registries: {a/b: {}}\n", "line 1, column 14: 'a/b' must be a host or host:port, without '/'"),
            ("registries: {r: true}\n", "line 1, column 17: a registry must be a mapping"),
            ("registries: {r: {ca: c}}\n", "line 1, column 22: ca must be an absolute path, not 'c'"),
            ("registries: {r: {plain-http: 1}}\n", "line 1, column 30: plain-http must be true or false, not '1'"),
            ("registries: {r: {mirrors: m}}\n", "line 1, column 27: mirrors must be a list"),
            ("registries: {r: {mirrors: [[]]}}\n", "line 1, column 28: a mirror must be a text"),
            ("registries: {r: {auth-file: f}}\n", "line 1, column 29: auth-file must be an absolute path, not 'f'"),
            ("hooks: strict\n", "line 1, column 8: hooks must be a mapping"),
        ])
    func wrongKinds(text: String, message: String) {
        let error = #expect(throws: (any Error).self) { try Self.read(text) }
        #expect(error.map { "\($0)" }?.hasPrefix("reading /oem/lifeboot.yaml: \(message)") == true)
    }

    @Test("what the table calls the default is what counts without the key")
    func defaults() throws {
        for entry in AgentConfiguration.table.entries {
            switch entry.shape {
            case .table(let entries):
                for inner in entries {
                    guard let standard = inner.standard else { continue }
                    let said = try Self.read([entry.name: .object([inner.name: standard])])
                    #expect(said == AgentConfiguration(), "\(inner.name)")
                }
            case .mapping(_, .table(let entries)):
                for inner in entries {
                    guard let standard = inner.standard else { continue }
                    let said = try Self.read([entry.name: ["r": .object([inner.name: standard])]])
                    #expect(said.registries == ["r": AgentConfiguration.Registry()], "\(inner.name)")
                }
            default: #expect(entry.standard == nil, "\(entry.name)")
            }
        }
    }

    /// Reads a document that is given as JSON, which is YAML.
    private static func read(_ document: JSONObject) throws -> AgentConfiguration {
        try read(String(decoding: JSONValue.object(document).serialized(), as: UTF8.self))
    }
}
