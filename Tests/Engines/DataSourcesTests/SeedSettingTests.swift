import Faults
import HTTPTransfer
import InstanceData
import LinuxSystem
import SystemPackage
import Testing

@testable import DataSources

@Suite("NoCloud's setting in a serial number") struct SeedSettingTests {
    private func setting(_ serial: String) -> SeedSetting? { SeedSetting(serial, prefix: "ds=nocloud") }

    @Test("reads folder, host name and name of the instance, in short and in long")
    func reads() {
        for serial in [
            "ds=nocloud;s=http://192.0.2.1/x;h=web;i=i-1",
            "ds=nocloud-net;seedfrom=http://192.0.2.1/x/;local-hostname=web;instance-id=i-1",
        ] {
            let setting = setting(serial)
            #expect(setting?.folder == "http://192.0.2.1/x/")
            #expect(setting?.hostname == "web" && setting?.instanceID == "i-1")
            #expect(setting?.needsNetwork == true && setting?.remarks == [])
        }
    }

    @Test(
        "a folder of this machine may be written as a path or as an address",
        arguments: ["/oem/seed", "file:///oem/seed/"])
    func local(folder: String) {
        let setting = setting("ds=nocloud;s=\(folder)")
        #expect(setting?.folder == "/oem/seed/" && setting?.needsNetwork == false)
    }

    @Test("an address keeps its equals signs")
    func equals() { #expect(setting("ds=nocloud;s=https://h/?a=b&c=d")?.folder == "https://h/?a=b&c=d/") }

    @Test(
        "other serial numbers are none of ours", arguments: ["", "ds=nocloudx;h=a", "ds=ec2", "VMware-42 ds=nocloud"])
    func others(serial: String) { #expect(setting(serial) == nil) }

    @Test(
        "what is not understood is told",
        arguments: ["s=ftp://192.0.2.1/", "s=relative", "s=", "x=1", "s=http://a b/", "s=http://h/__dmi.system-uuid__"])
    func remarks(field: String) {
        let setting = setting("ds=nocloud;\(field)")
        #expect(setting?.remarks.count == 1 && setting?.folder == nil)
    }

    @Test("reads the files of a folder below the root, and no other's")
    func folder() throws {
        let fixture = try Fixture(["seed/meta-data": "instance-id: i-9\n", "seed/user-data": "#!/bin/sh\n"])
        let answers = try setting("ds=nocloud;s=/seed;h=web")?.answers(
            root: fixture.root, limit: 1 << 20, FakeClient([:]), until: .after(.seconds(5)))
        #expect(answers?.texts.map(\.kind) == [.hostname, .metadata, .userData])
        let small = try setting("ds=nocloud;s=/seed")?.answers(
            root: fixture.root, limit: 12, FakeClient([:]), until: .after(.seconds(5)))
        #expect(small?.texts.map(\.kind) == [.userData])
        #expect(small?.remarks.first?.hasPrefix("/seed/meta-data cannot be read: larger than 12 bytes") == true)
    }

    @Test("fetches the files of a server; what is not there is not there")
    func server() throws {
        let client = FakeClient(["http://h/s/user-data": .text("#!/bin/sh\n")])
        let answers = try setting("ds=nocloud;s=http://h/s")?.answers(
            root: "/nowhere", limit: 1 << 20, client, until: .after(.seconds(5)))
        #expect(answers?.texts.map(\.kind) == [.userData])
        #expect(client.log.count == 4)
        #expect(client.requests.allSatisfy { !$0.isMetadata })
        #expect(answers?.remarks == ["http://h/s/ was fetched without TLS, so others on the way could change it"])
    }

    @Test("a server that is not there is a failure, unless the setting itself says something")
    func noServer() throws {
        let client = FakeClient(["http://h/s/meta-data": .failure(.unreachable)])
        let error = #expect(throws: DataSourceError.self) {
            _ = try setting("ds=nocloud;s=http://h/s")?.answers(
                root: "/nowhere", limit: 1 << 20, client, until: .after(.seconds(5)))
        }
        #expect(error?.kind == .absent)
        let answers = try setting("ds=nocloud;s=http://h/s;h=web")?.answers(
            root: "/nowhere", limit: 1 << 20, client, until: .after(.seconds(5)))
        #expect(answers?.texts.map(\.kind) == [.hostname])
        #expect(answers?.remarks == ["http://h/s/meta-data: a test says unreachable"])
    }
}
