import Faults
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

    @Test("a mirror that is none is refused")
    func mirror() throws {
        try folder.write("registries: {r.example: {mirrors: ['https://m']}}\n", to: "a.yaml")
        let configuration = try read()
        #expect(throws: ConfigurationError.self) { try configuration.access() }
    }
}
