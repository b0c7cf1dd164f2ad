import RegistryModel
import ReleaseModel
import SystemPackage
import Testing
import Transactions

@Suite("Configuration files")
struct ConfigurationFilesTests {
    let folder: ImageStoreTests.Folder

    init() throws { folder = try ImageStoreTests.Folder() }

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

    @Test("a mirror that is none is refused")
    func mirror() throws {
        try folder.write("registries: {r.example: {mirrors: ['https://m']}}\n", to: "a.yaml")
        let configuration = try read()
        #expect(throws: ConfigurationError.self) { try configuration.access() }
    }
}
