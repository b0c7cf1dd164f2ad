import Cryptography
import Faults
import ImageFolders
import ImageModel
import ImageSources
import RegistryModel
import ReleaseModel
import SystemPackage
import TestMachines
import Testing

@Suite("Configuration files")
struct ConfigurationFilesTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func read() throws -> AgentConfiguration {
        try ConfigurationFiles.read([folder.path.appending("a.yaml"), folder.path.appending("b.yaml")])
    }

    @Test("files are read in order, and one that is not there says nothing")
    func order() throws {
        #expect(try read() == AgentConfiguration())
        try folder.write("channel: oci://a/b:c\npolicy:\n  unsigned: allow\n  board: blue\n", to: "a.yaml")
        try folder.write(
            "policy: {unsigned: refuse}\nregistries: {'r.example:5000': {plain-http: true}}\n", to: "b.yaml")
        let configuration = try read()
        #expect(configuration.channel == "oci://a/b:c" && configuration.policy.board == "blue")
        #expect(configuration.policy.unsigned == .refuse)
        #expect(try configuration.access().registries["r.example:5000"]?.allowsPlainHTTP == true)
    }

    @Test(
        "what the image's policy refuses no later file allows, and it is said; what the image does not say it may",
        arguments: ["unsigned", "local-images", "downgrade"])
    func loosening(key: String) throws {
        try folder.write("policy: {\(key): refuse}\n", to: "a.yaml")
        try folder.write("policy: {unsigned: allow, local-images: allow, downgrade: allow}\n", to: "b.yaml")
        let policy = try read().policy
        let verdicts = ["unsigned": policy.unsigned, "local-images": policy.localImages, "downgrade": policy.downgrade]
        #expect(verdicts.filter { $0.value == .refuse }.map(\.key) == [key])
        #expect(try read().notes.count == 1 && read().notes.allSatisfy { $0.contains("b.yaml: policy.\(key)") })
    }

    @Test("in a sealed system a later file counts only with a signature of an image key, and nothing unsigned is taken")
    func sealed() throws {
        let key = try SigningKey()
        try folder.write("", to: "root/usr/lib/lifeboot/sealed")
        let pem = String(decoding: try key.publicKey().pem(), as: UTF8.self)
        try folder.write(pem, to: "root/usr/lib/lifeboot/keys/image.pem")
        // A key that can be put there while the machine runs is none.
        let other = try SigningKey()
        try folder.write(
            String(decoding: try other.publicKey().pem(), as: UTF8.self), to: "root/etc/lifeboot/keys/x.pem")
        let seal = SystemSeal(root: folder.path.appending("root"))
        let files = [folder.path.appending("a.yaml"), folder.path.appending("b.yaml")]
        let text = "channel: oci://b/b:c\npolicy: {unsigned: allow}\n"
        try folder.write("channel: oci://a/a:c\n", to: "a.yaml")
        try folder.write(text, to: "b.yaml")
        func sign(_ key: borrowing SigningKey, _ text: String) throws {
            let file = SignatureFile(signatures: [try key.sign(Array(text.utf8))])
            try folder.write(String(decoding: file.serialized(), as: UTF8.self), to: "b.yaml.sig")
        }
        func channel() throws -> String? { try ConfigurationFiles.read(files, seal: seal).channel }
        #expect(try channel() == "oci://a/a:c")
        #expect(try ConfigurationFiles.read(files, seal: seal).notes.count == 1)
        try sign(other, text)
        #expect(try channel() == "oci://a/a:c")
        try sign(key, text + " ")
        #expect(try channel() == "oci://a/a:c")
        try sign(key, text)
        let configuration = try ConfigurationFiles.read(files, seal: seal)
        #expect(configuration.channel == "oci://b/b:c" && configuration.notes.isEmpty)
        #expect(configuration.policy.isSealed && configuration.policy.unsigned == .refuse)
        #expect(configuration.policy.localImages == .refuse)
    }

    @Test(
        "a fault names file and line",
        arguments: [
            ("channel: x\npolcy: {}\n", "b.yaml: line 2, column 1: unknown key 'polcy'"),
            ("policy:\n  downgrade: perhaps\n", "b.yaml: line 2, column 14: downgrade must be allow or refuse"),
            ("policy: [\n", "b.yaml: line "),
        ])
    func faults(_ text: String, _ expected: String) throws {
        try folder.write(text, to: "b.yaml")
        let error = #expect(throws: ConfigurationError.self) { try read() }
        #expect(error?.description.contains(expected) == true, "\(error.map { "\($0)" } ?? "")")
    }

    @Test("a registry is found however its name is spelt, in one file or in several")
    func spelling() throws {
        try folder.write("registries: {Registry.Example: {plain-http: true, ca: /a.pem}}\n", to: "a.yaml")
        try folder.write("registries: {registry.example: {plain-http: false}}\n", to: "b.yaml")
        let host = try #require(RegistryHost("registry.example"))
        let settings = try read().access().settings(for: host)
        #expect(settings.certificateAuthority == "/a.pem" && !settings.allowsPlainHTTP)
        var configuration = AgentConfiguration()
        configuration.registries["Registry.Example"] = AgentConfiguration.Registry()
        configuration.registries["Registry.Example"]?.plainHTTP = true
        #expect(try configuration.access().settings(for: host).allowsPlainHTTP)
    }

    @Test("a registry that is none is refused", arguments: ["a_b", "r.example:0", "r.example:x", "-"])
    func registry(_ name: String) throws {
        try folder.write("registries: {'\(name)': {plain-http: true}}\n", to: "a.yaml")
        let configuration = try read()
        let error = #expect(throws: ConfigurationError.self) { try configuration.access() }
        #expect(error?.kind.reason == "registry '\(name)' is not host[:port]")
    }

    @Test("the file with credentials that the command line names is the chosen one")
    func authFile() throws {
        try folder.write("registries: {r.example: {auth-file: /own.json}}\n", to: "a.yaml")
        let access = try read().access(authFile: "/chosen.json")
        #expect(access.chosenAuthFile == "/chosen.json")
        #expect(access.registries["r.example"]?.authFile == "/own.json")
        #expect(access.authFiles == RegistryConfiguration.standardAuthFiles)
    }

    @Test("the authority that the command line names comes before a registry's own")
    func authority() throws {
        try folder.write("registries: {r.example: {ca: /own.pem}}\n", to: "a.yaml")
        let host = try #require(RegistryHost("r.example"))
        #expect(try read().access().settings(for: host).certificateAuthority == "/own.pem")
        let access = try read().access(certificateAuthority: "/chosen.pem")
        #expect(access.settings(for: host).certificateAuthority == "/chosen.pem")
    }

    @Test("a mirror that is none is refused")
    func mirror() throws {
        try folder.write("registries: {r.example: {mirrors: ['https://m']}}\n", to: "a.yaml")
        let configuration = try read()
        #expect(throws: ConfigurationError.self) { try configuration.access() }
    }
}
