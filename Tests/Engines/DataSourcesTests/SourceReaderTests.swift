import Faults
import InstanceData
import LinuxSystem
import SystemPackage
import TestServers
import Testing

@testable import DataSources

@Suite("Reading what a source has said") struct SourceReaderTests {
    private func read(
        _ texts: [(MetadataKind, String)], provider: String = "nocloud", required: Bool = false
    ) throws(DataSourceError) -> DataSourceFinding {
        var answers = SourceAnswers(from: "/dev/sr0")
        answers.texts = texts.map {
            .init(kind: $0.0, bytes: Array($0.1.utf8), isRequired: required && $0.0 == .metadata)
        }
        return try SourceReader(
            provider: provider, form: Provider.named(provider)?.form, limits: DataSourceLimits()
        ).finding(answers)
    }

    @Test("takes name, host name and keys of a document in YAML or JSON")
    func metadata() throws {
        let yaml = try read([(.metadata, "instance-id: i-7\nlocal-hostname: web\npublic-keys: [ssh-rsa A a]\n")])
        #expect(yaml.provider == "nocloud" && yaml.place == "/dev/sr0")
        #expect(yaml.metadata.instanceID == "i-7" && yaml.metadata.hostname == "web")
        #expect(yaml.metadata.publicKeys == ["ssh-rsa A a"])
        // A tab is no white space of YAML.
        let json = try read(
            [(.metadata, "{\n\t\"uuid\": \"u-1\", \"hostname\": \"web\\u002ex\"\n}")], provider: "openstack")
        #expect(json.metadata.instanceID == "u-1" && json.metadata.hostname == "web.x")
    }

    @Test("the vendor's pieces come before the user's, so that those of the user count")
    func vendorFirst() throws {
        let finding = try read([(.userData, "#cloud-config\na: 1\n"), (.vendorData, "#cloud-config\nb: 2\n")])
        #expect(finding.parts.map(\.name) == ["vendor-data", "user-data"])
        #expect(finding.text == Array("#cloud-config\na: 1\n".utf8))
    }

    @Test(
        "finds the vendor's text in OpenStack's document, which is mostly empty",
        arguments: [
            ("{}", nil), ("{\"cloud-init\": \"#cloud-config\"}", "#cloud-config"), ("\"#!/bin/sh\"", "#!/bin/sh"),
            ("{\"static\": {\"x\": 1}}", nil), ("#cloud-config\n", "#cloud-config\n"), ("", nil), ("\"\"", nil),
        ] as [(String, String?)])
    func vendor(text: String, wanted: String?) {
        #expect(SourceReader.vendorText(Array(text.utf8)) == wanted.map { Array($0.utf8) })
    }

    @Test("user data inside the document are taken, unless there are others")
    func inside() throws {
        let document = "{\"droplet_id\": 7, \"user_data\": \"#cloud-config\\nx: 1\"}"
        let inside = try read([(.metadata, document)], provider: "digitalocean")
        #expect(inside.metadata.instanceID == "7")
        #expect(inside.text == Array("#cloud-config\nx: 1".utf8))
        let both = try read([(.metadata, document), (.userData, "#!/bin/sh\n")], provider: "digitalocean")
        #expect(both.parts.map(\.kind) == [.script])
    }

    @Test("no user data, and empty ones, are the same")
    func empty() throws {
        let finding = try read([(.userData, "")])
        #expect(finding.text == nil && finding.parts.isEmpty && finding.remarks.isEmpty)
    }

    @Test("makes files of a network configuration; one that is none is a remark, and the rest stays")
    func network() throws {
        let good = try read([(.network, "version: 2\nethernets: {eth0: {dhcp4: true}}\n")])
        #expect(good.networkFiles.map(\.name) == ["10-lifeboot-eth0.network"])
        let bad = try read([(.network, "version: 9\n"), (.metadata, "instance-id: i-7\n")])
        #expect(bad.networkFiles.isEmpty && bad.metadata.instanceID == "i-7")
        #expect(bad.remarks.first?.hasPrefix("the network configuration cannot be read: ") == true)
    }

    @Test("an old form of network configuration is named, where there is no new one")
    func reference() throws {
        let document = "{\"uuid\": \"u\", \"network_config\": {\"content_path\": \"/content/0000\"}}"
        let finding = try read([(.metadata, document)], provider: "config-drive")
        #expect(finding.remarks == ["the network is described in /content/0000, in an old form that is not read"])
        let both = try read([(.metadata, document), (.network, "{\"links\": []}")], provider: "config-drive")
        #expect(both.remarks.allSatisfy { !$0.hasPrefix("the network is described") })
    }

    @Test("bad meta-data on a volume are a remark; from a server they mean that somebody else has answered")
    func wrong() throws {
        let volume = try read([(.metadata, "just a text"), (.userData, "#!/bin/sh\n")])
        #expect(volume.parts.count == 1)
        #expect(volume.remarks.first?.hasPrefix("meta-data cannot be read: ") == true)
        for text in ["<html>Log in</html>", "", "{\"error\": \"no\"}", "a: [", "- a"] {
            let error = #expect(throws: DataSourceError.self) {
                try read([(.metadata, text)], provider: "hetzner", required: true)
            }
            #expect(error?.kind == .wrong)
            #expect(error?.cause.hasPrefix("its meta-data cannot be read: ") == (text.first != "{" && text != ""))
        }
    }

    @Test("a source of which nothing could be read is none, and its remarks are kept")
    func nothing() {
        var answers = SourceAnswers(from: "/dev/sr0")
        answers.miss("user-data is damaged")
        let error = #expect(throws: DataSourceError.self) {
            try SourceReader(provider: "nocloud", limits: DataSourceLimits()).finding(answers)
        }
        #expect(error?.cause == "nothing could be read; user-data is damaged")
    }

    @Test("pieces that are left out are told")
    func refusals() throws {
        let finding = try read([(.userData, "#cloud-boothook\nx\n")])
        #expect(finding.parts.isEmpty)
        #expect(finding.remarks.first?.hasPrefix("user data is left out: user-data: it is #cloud-boothook") == true)
    }

    @Test("gzip is unpacked, up to the limit", arguments: [(1 << 16, true), (1 << 12, false)])
    func gzip(limit: Int, isTaken: Bool) throws {
        let fixture = try Fixture(["text": "#!/bin/sh\n" + String(repeating: " ", count: 8_000)])
        try Tool.run("gzip", [fixture.root.appending("text").string])
        var limits = DataSourceLimits()
        limits.answer = limit
        var reader = SourceReader.userData(limits)
        let data = reader.read(try FileBytes.read(fixture.root.appending("text.gz"), limit: 1 << 12))
        #expect(data.parts.map(\.bytes.count) == (isTaken ? [8_010] : []))
        #expect(data.refusals.count == (isTaken ? 0 : 1))
    }
}
