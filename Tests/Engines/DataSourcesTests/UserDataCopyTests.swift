import InstanceData
import LinuxSystem
import SystemPackage
import Testing

@testable import DataSources

@Suite("Copies of user data") struct UserDataCopyTests {
    private static let two =
        "#cloud-config-archive\n- content: \"#cloud-config\\na: 1\"\n- content: \"#cloud-config\\nb: 2\"\n"

    private func keep(
        _ text: String, _ path: FilePath, _ fixture: Fixture, name: String = "userdata.yaml"
    ) throws -> Bool {
        try UserDataCopy(path, name).keep(
            try DataSourceStoreTests.finding([(.userData, text)]), root: fixture.root)
    }

    @Test("a folder gets the text as it came and the configuration, for root alone")
    func folder() throws {
        let fixture = try Fixture()
        #expect(try keep("#cloud-config\na: 1\n", "/oem/x", fixture, name: "mine.yaml"))
        #expect(fixture.names("oem/x") == ["mine.yaml", "userdata"])
        for name in ["mine.yaml", "userdata"] {
            #expect(fixture.text("oem/x/\(name)") == "#cloud-config\na: 1\n")
            #expect(fixture.mode("oem/x/\(name)") == 0o600)
        }
        #expect(fixture.mode("oem/x") == 0o755)
        #expect(try !keep("#cloud-config\na: 1\n", "/oem/x", fixture, name: "mine.yaml"))
    }

    @Test("a path that ends with .yaml is the file of the configuration")
    func file() throws {
        let fixture = try Fixture(["oem/other": "x"])
        #expect(try keep("#cloud-config\na: 1\n", "/oem/90_custom.yaml", fixture))
        #expect(fixture.names("oem") == ["90_custom.yaml", "other"])
        #expect(fixture.text("oem/90_custom.yaml") == "#cloud-config\na: 1\n")
    }

    @Test("several configurations are several files; fewer of them later leave none behind")
    func several() throws {
        let fixture = try Fixture(["oem/userdata-mine.yaml": "x"])
        #expect(try keep(Self.two, "/oem", fixture))
        #expect(fixture.names("oem") == ["userdata", "userdata-002.yaml", "userdata-mine.yaml", "userdata.yaml"])
        #expect(fixture.text("oem/userdata-002.yaml") == "#cloud-config\nb: 2")
        #expect(try keep("#cloud-config\na: 1", "/oem", fixture))
        #expect(fixture.names("oem") == ["userdata", "userdata-mine.yaml", "userdata.yaml"])
    }

    @Test("a text without a configuration takes an older configuration away")
    func script() throws {
        let fixture = try Fixture()
        #expect(try keep(Self.two, "/oem", fixture))
        #expect(try keep("#!/bin/sh\n", "/oem", fixture))
        #expect(fixture.names("oem") == ["userdata"])
    }

    @Test("mode and content are put right, and a link is replaced and not followed")
    func mends() throws {
        let fixture = try Fixture(["oem/userdata.yaml": "#cloud-config\na: 1\n", "target": "kept"])
        try fixture.link("oem/userdata", to: "../target")
        #expect(try keep("#cloud-config\na: 1\n", "/oem", fixture))
        #expect(fixture.mode("oem/userdata.yaml") == 0o600)
        #expect(fixture.text("target") == "kept")
        #expect(fixture.text("oem/userdata") == "#cloud-config\na: 1\n")
    }
}
