import DocumentTree
import ReleaseModel
import SystemPackage
import Testing

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
}
