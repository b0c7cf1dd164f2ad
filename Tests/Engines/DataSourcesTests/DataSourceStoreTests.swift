import Faults
import InstanceData
import JSONText
import LinuxSystem
import SystemPackage
import Testing

@testable import DataSources

@Suite("Keeping what was found") struct DataSourceStoreTests {
    static let folder = "run/lifeboot/datasource"

    /// A finding of some texts.
    static func finding(_ texts: [(MetadataKind, String)]) throws -> DataSourceFinding {
        var answers = SourceAnswers(from: "/dev/sr0")
        answers.texts = texts.map { .init(kind: $0.0, bytes: Array($0.1.utf8)) }
        return try SourceReader(
            provider: "nocloud", form: Provider.named("nocloud")?.form, limits: DataSourceLimits()
        ).finding(answers)
    }

    static let whole: [(MetadataKind, String)] = [
        (.metadata, "instance-id: i-1\nlocal-hostname: web\npublic-keys: [ssh-rsa A a]\n"),
        (.userData, "#cloud-config\na: 1\n"), (.vendorData, "stages: {}\n"),
        (.network, "version: 2\nethernets: {eth0: {dhcp4: true}}\n"),
    ]

    @Test("writes configurations in order, the text as it came, and what is known of the instance, for root alone")
    func writes() throws {
        let fixture = try Fixture()
        #expect(try DataSourceStore(root: fixture.root).keep(try Self.finding(Self.whole)))
        #expect(
            fixture.names(Self.folder) == ["001-vendor-data.yaml", "002-user-data.yaml", "meta-data.json", "user-data"])
        #expect(fixture.text("\(Self.folder)/002-user-data.yaml") == "#cloud-config\na: 1\n")
        #expect(fixture.text("\(Self.folder)/001-vendor-data.yaml") == "stages: {}\n")
        #expect(fixture.text("\(Self.folder)/user-data") == "#cloud-config\na: 1\n")
        #expect(fixture.mode(Self.folder) == 0o700)
        for name in fixture.names(Self.folder) { #expect(fixture.mode("\(Self.folder)/\(name)") == 0o600) }
        let document = try JSONValue(parsing: Array((fixture.text("\(Self.folder)/meta-data.json") ?? "").utf8))
        #expect(
            document == [
                "provider": "nocloud", "place": "/dev/sr0", "instance-id": "i-1", "hostname": "web",
                "public-keys": ["ssh-rsa A a"],
            ])
        #expect(fixture.names("run/systemd/network") == ["10-lifeboot-eth0.network"])
        #expect(fixture.mode("run/systemd/network/10-lifeboot-eth0.network") == 0o644)
        #expect(fixture.text("run/systemd/network/10-lifeboot-eth0.network")?.hasPrefix("[Match]\n") == true)
    }

    @Test("the same again changes nothing, and says so; anything else is a change")
    func again() throws {
        let fixture = try Fixture()
        let store = DataSourceStore(root: fixture.root)
        #expect(try store.keep(try Self.finding(Self.whole), path: "/oem"))
        let inode = fixture.inode("\(Self.folder)/user-data")
        #expect(try !store.keep(try Self.finding(Self.whole), path: "/oem"))
        #expect(fixture.inode("\(Self.folder)/user-data") == inode)
        #expect(try store.keep(try Self.finding(Array(Self.whole.dropFirst())), path: "/oem"))
    }

    @Test("what another finding left goes, what is no file of ours stays")
    func stale() throws {
        let fixture = try Fixture(["run/systemd/network/80-own.network": "x", "\(Self.folder)/folder/x": "x"])
        let store = DataSourceStore(root: fixture.root)
        _ = try store.keep(try Self.finding(Self.whole))
        #expect(try store.keep(try Self.finding([(.userData, "#!/bin/sh\n")])))
        #expect(fixture.names(Self.folder) == ["001-user-data.script", "folder", "meta-data.json", "user-data"])
        #expect(fixture.names("run/systemd/network") == ["80-own.network"])
    }

    @Test("nothing found changes nothing")
    func nothing() throws {
        let fixture = try Fixture()
        let store = DataSourceStore(root: fixture.root)
        #expect(try !store.keep(DataSourceFinding(), path: "/oem"))
        #expect(fixture.names("").isEmpty)
        _ = try store.keep(try Self.finding(Self.whole))
        #expect(try !store.keep(DataSourceFinding()))
        #expect(fixture.names(Self.folder).count == 4)
    }

    @Test("a finding that is not whole is kept for this boot, and an earlier copy is not touched")
    func incomplete() throws {
        let fixture = try Fixture()
        let store = DataSourceStore(root: fixture.root)
        _ = try store.keep(try Self.finding(Self.whole), path: "/oem")
        var finding = try Self.finding([(.userData, "#include\nhttps://h/1\n")])
        finding.isIncomplete = true
        #expect(try store.keep(finding, path: "/oem"))
        #expect(fixture.names("oem") == ["userdata", "userdata-002.yaml", "userdata.yaml"])
        #expect(fixture.names(Self.folder) == ["meta-data.json", "user-data"])
    }

    @Test("no user data change no copy")
    func noText() throws {
        let fixture = try Fixture(["oem/userdata.yaml": "old"])
        _ = try DataSourceStore(root: fixture.root).keep(
            try Self.finding([(.metadata, "instance-id: i")]), path: "/oem")
        #expect(fixture.names("oem") == ["userdata.yaml"])
    }

    @Test(
        "a configuration that was declared by its type gets the header that tells its dialect; others stay as they are")
    func header() throws {
        let message =
            "Content-Type: multipart/mixed; boundary=B\nMIME-Version: 1.0\n\n--B\nContent-Type: text/cloud-config\n"
            + "Content-Disposition: attachment; filename=my.yaml\n\na: 1\n--B\nContent-Type: text/cloud-config\n\n"
            + "# x\n#cloud-config\nb: 2\n--B--\n"
        let fixture = try Fixture()
        _ = try DataSourceStore(root: fixture.root).keep(try Self.finding([(.userData, message)]))
        #expect(
            fixture.names(Self.folder) == ["001-my.yaml", "002-part-002.yaml", "meta-data.json", "user-data"])
        #expect(fixture.text("\(Self.folder)/001-my.yaml") == "#cloud-config\na: 1")
        #expect(fixture.text("\(Self.folder)/002-part-002.yaml") == "# x\n#cloud-config\nb: 2")
    }
}
