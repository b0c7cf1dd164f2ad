import BlockDevices
import Faults
import Foundation
import HTTPTransfer
import InstanceData
import LinuxSystem
import SystemPackage
import TestServers
import Testing

@testable import DataSources

@Suite("Looking for the data of an instance") struct DataSourceSearchTests {
    /// A search in a fixture, by a client of the test.
    private func find(
        _ fixture: Fixture, _ client: FakeClient = FakeClient([:]), asked: [String] = [],
        scope: DataSourceSearch.Scope = .all, time: Duration = .seconds(20),
        _ change: (inout DataSourceSearch) -> Void = { _ in }
    ) -> DataSourceFinding {
        var limits = DataSourceLimits()
        limits.networkTime = time
        var search = DataSourceSearch(root: fixture.root, limits: limits)
        search.client = client
        change(&search)
        return search.find(providers: asked, scope: scope)
    }

    private static let firmware = "sys/firmware/qemu_fw_cfg/by_name/opt/io.lifeboot/meta-data/raw"
    private static let digitalocean = "http://169.254.169.254/metadata/v1.json"
    private static let hetzner = "http://169.254.169.254/hetzner/v1/metadata"

    @Test("nothing found is a remark, and no server is asked on a machine that is nobody's")
    func nothing() throws {
        let client = FakeClient([:])
        let finding = find(try Fixture(), client)
        #expect(finding.provider == nil)
        #expect(finding.remarks == ["no data for this instance were found"])
        #expect(client.log.isEmpty)
    }

    @Test("what is on this machine counts before servers, which are not asked then")
    func localFirst() throws {
        let client = FakeClient([Self.digitalocean: .text("{\"droplet_id\": 1}")])
        let fixture = try Fixture([Self.firmware: "instance-id: i-1\n", "seed": "#!/bin/sh\n"])
        let finding = find(fixture, client, asked: ["digitalocean", "file=/seed", "fw-cfg"])
        #expect(finding.provider == "fw-cfg" && finding.metadata.instanceID == "i-1")
        #expect(client.log.isEmpty)
        let file = find(fixture, client, asked: ["digitalocean", "file=/seed"])
        #expect(file.provider == "file" && file.place == "/seed" && file.parts.map(\.kind) == [.script])
        #expect(client.log.isEmpty)
    }

    @Test("only the servers of the cloud are asked that the machine is seen to belong to")
    func narrowed() throws {
        let client = FakeClient([Self.hetzner: .text("instance-id: 7\nhostname: web\n")])
        let finding = find(try Fixture(["sys/class/dmi/id/sys_vendor": "Hetzner\n"]), client)
        #expect(finding.provider == "hetzner" && finding.metadata.hostname == "web" && !finding.isIncomplete)
        #expect(client.log == ["GET \(Self.hetzner)", "GET http://169.254.169.254/hetzner/v1/userdata"])
    }

    @Test("without a network, servers are named for later and not asked")
    func later() throws {
        let client = FakeClient([:])
        let fixture = try Fixture(["seed": "#include\nhttps://h/1?key=secret\n"])
        let none = find(fixture, client, asked: ["hetzner", "https://h/2?key=secret"], scope: .local)
        #expect(none.provider == nil && none.later == ["hetzner", "https://h/2"])
        let file = find(fixture, client, asked: ["hetzner", "file=/seed"], scope: .local)
        #expect(file.provider == "file" && file.later == ["hetzner", "https://h/1"] && file.isIncomplete)
        #expect(client.log.isEmpty)
    }

    @Test("a slow server that comes first in the order does not lose to a fast one")
    func slowFirst() throws {
        let client = FakeClient([
            Self.digitalocean: .slow(.milliseconds(200), "{\"droplet_id\": 1}"),
            Self.hetzner: .text("instance-id: 2\n"),
        ])
        for asked in [["digitalocean", "hetzner"], ["hetzner", "digitalocean"]] {
            #expect(find(try Fixture(), client, asked: asked).provider == "digitalocean")
        }
    }

    @Test("at the deadline the one that has answered counts, and who has not is told")
    func deadline() throws {
        let client = FakeClient([
            Self.digitalocean: .slow(.seconds(10), "{\"droplet_id\": 1}"), Self.hetzner: .text("instance-id: 2\n"),
        ])
        let start = MonotonicClock.now()
        let finding = find(try Fixture(), client, asked: ["digitalocean", "hetzner"], time: .seconds(1))
        #expect(MonotonicClock.now() - start < .seconds(8))
        #expect(finding.provider == "hetzner")
        #expect(finding.remarks == ["digitalocean: it did not answer in time"])
    }

    @Test("a server that says nonsense is told, and the next in the order counts")
    func nonsense() throws {
        let client = FakeClient([
            Self.digitalocean: .text("<html>"), Self.hetzner: .text("instance-id: 2\n"), "https://h/x": .text("x: 1"),
        ])
        let finding = find(try Fixture(), client, asked: ["hetzner", "digitalocean", "https://h/x"])
        #expect(finding.provider == "hetzner")
        #expect(finding.remarks.count == 1 && finding.remarks.first?.hasPrefix("digitalocean: ") == true)
        let address = find(try Fixture(), client, asked: ["digitalocean", "https://h/x"])
        #expect(address.provider == "url" && address.text == Array("x: 1".utf8))
    }

    @Test("a folder that the serial number names is asked in its place of the order, also before local sources")
    func seed() throws {
        let fixture = try Fixture([
            Self.firmware: "instance-id: local\n",
            "sys/class/dmi/id/product_serial": "ds=nocloud;s=http://h/s/;h=web\n",
        ])
        let client = FakeClient(["http://h/s/meta-data": .slow(.milliseconds(100), "instance-id: seed\n")])
        let finding = find(fixture, client)
        #expect(finding.provider == "smbios")
        #expect(finding.metadata.instanceID == "seed" && finding.metadata.hostname == "web")
        let without = find(fixture, client, scope: .local)
        #expect(without.provider == "fw-cfg" && without.later == ["smbios"])
    }

    @Test("user data that name addresses are complete once these are fetched")
    func includes() throws {
        let fixture = try Fixture(["seed": "#include\nhttps://h/1\n"])
        let good = find(fixture, FakeClient(["https://h/1": .text("#cloud-config\n")]), asked: ["file=/seed"])
        #expect(good.parts.map(\.kind) == [.cloudConfig] && !good.isIncomplete && good.later.isEmpty)
        let bad = find(fixture, asked: ["file=/seed"])
        #expect(bad.parts.isEmpty && bad.isIncomplete && bad.remarks.count == 1)
    }

    @Test("names that say nothing, and files that are not there, are told")
    func warnings() throws {
        let finding = find(try Fixture(), asked: ["maas", "hetzne", "file=/nowhere"])
        #expect(finding.provider == nil && finding.remarks.count == 4)
        #expect(finding.remarks[2] == "file /nowhere: there is no such file")
    }

    @Test("VMware's values are asked for on its machines alone, and a missing program is told there")
    func guestInfo() throws {
        #expect(find(try Fixture(), asked: ["vmware"]).remarks.count == 1)
        let finding = find(try Fixture(["sys/class/dmi/id/sys_vendor": "VMware, Inc.\n"]), asked: ["vmware"])
        #expect(finding.remarks.count == 2)
        #expect(finding.remarks.first?.hasPrefix("vmware: vmware-rpctool of open-vm-tools could not be run") == true)
    }

    @Test("a volume that cannot be read is told, and the search goes on")
    func badVolume() throws {
        let fixture = try Fixture([Self.firmware: "instance-id: i-1\n"])
        try fixture.write("8\n", to: "sys/class/block/vdz/size")
        let finding = find(fixture, scope: .local) { search in
            search.look = { path in
                var device = BlockDevice(path: path)
                device.label = "cidata"
                device.filesystemType = "xfs"
                return .success(device)
            }
        }
        #expect(finding.provider == "fw-cfg")
        #expect(finding.remarks == ["nocloud on /dev/vdz: its filesystem xfs is not read"])
        #expect(finding.unseen == finding.remarks)
    }

    @Test(
        "where the block devices cannot be listed, or a server says nonsense, only the first leaves it open what is there"
    )
    func unseen() throws {
        let fixture = try Fixture(["sys/class/block": "no folder"])
        let finding = find(fixture, FakeClient([Self.hetzner: .text("<html>")]), asked: ["cidata", "hetzner"])
        #expect(finding.provider == nil && finding.unseen.count == 1)
        #expect(finding.unseen.first?.hasPrefix("the block devices cannot be listed: ") == true)
        #expect(finding.remarks.contains { finding.unseen == [$0] })
    }
}

@Suite("Real servers of metadata") struct RealServerTests {
    private func find(
        _ name: String, _ servers: [ScriptedServer], time: Duration = .seconds(20)
    ) throws -> DataSourceFinding {
        var limits = DataSourceLimits()
        limits.networkTime = time
        let fixture = try Fixture()
        var search = DataSourceSearch(root: fixture.root, limits: limits)
        search.servers = [name: servers.map { "http://127.0.0.1:\($0.port)" }]
        return search.find(providers: [name], scope: .all)
    }

    private static let ec2: [(String, String)] = [
        ("/latest/meta-data/instance-id", "i-0abc"), ("/latest/meta-data/local-hostname", "ip-10-0-0-1.ec2.internal"),
        ("/latest/meta-data/public-keys/", "0=my key"),
        ("/latest/meta-data/public-keys/0/openssh-key", "ssh-ed25519 AAAA me\n"),
        ("/latest/user-data", "#cloud-config\nhostname: web\n"),
    ]

    private func check(_ finding: DataSourceFinding) {
        #expect(finding.provider == "ec2" && finding.metadata.instanceID == "i-0abc")
        #expect(finding.metadata.hostname == "ip-10-0-0-1.ec2.internal")
        #expect(finding.metadata.publicKeys == ["ssh-ed25519 AAAA me"])
        #expect(finding.parts.map(\.kind) == [.cloudConfig] && finding.remarks.isEmpty)
    }

    @Test("EC2 that wants a token gets one, and gives nothing without")
    func secondVersion() throws {
        var rules = [
            ScriptedServer.Rule("/latest/api/token") {
                $0.method = "PUT"; $0.requires = ["x-aws-ec2-metadata-token-ttl-seconds": "21600"]; $0.body = "TOKEN=="
            }
        ]
        for (path, text) in Self.ec2 {
            rules.append(
                .init(path) {
                    $0.method = "GET"; $0.requires = ["x-aws-ec2-metadata-token": "TOKEN=="]; $0.body = text
                })
        }
        let server = try ScriptedServer(rules + [.init("*") { $0.status = 401 }])
        check(try find("ec2", [server]))
        #expect(try server.requests().map(\.method).filter { $0 == "PUT" }.count == 1)
        let strict = try ScriptedServer([.init("*") { $0.status = 401 }])
        #expect(try find("ec2", [strict]).provider == nil)
    }

    @Test("EC2 of the first version is asked without a token")
    func firstVersion() throws {
        let rules = Self.ec2.map { path, text in
            ScriptedServer.Rule(path) {
                $0.method = "GET"; $0.body = text
            }
        }
        check(try find("ec2", [try ScriptedServer(rules)]))
    }

    @Test("OpenStack's documents, with vendor data and a network")
    func openstack() throws {
        let server = try ScriptedServer([
            .init("/openstack/latest/meta_data.json") {
                $0.body = "{\"uuid\": \"u-1\", \"name\": \"vm\", \"public_keys\": {\"me\": \"ssh-rsa A me\"}}"
            },
            .init("/openstack/latest/user_data") { $0.body = "#!/bin/sh\n" },
            .init("/openstack/latest/vendor_data.json") { $0.body = "{\"cloud-init\": \"#cloud-config\\na: 1\"}" },
            .init("/openstack/latest/network_data.json") {
                $0.body =
                    "{\"links\": [{\"id\": \"tap0\", \"type\": \"phy\", \"ethernet_mac_address\": \"52:54:00:12:34:56\"}],"
                    + "\"networks\": [{\"id\": \"n0\", \"type\": \"ipv4_dhcp\", \"link\": \"tap0\"}], \"services\": []}"
            },
        ])
        let finding = try find("openstack", [server])
        #expect(finding.provider == "openstack" && finding.metadata.instanceID == "u-1")
        #expect(finding.metadata.hostname == "vm" && finding.metadata.publicKeys == ["ssh-rsa A me"])
        #expect(finding.parts.map(\.kind) == [.cloudConfig, .script])
        #expect(finding.networkFiles.map(\.name) == ["10-lifeboot-tap0.network"])
        #expect(finding.remarks.isEmpty)
    }

    @Test("a server that hangs ends with the deadline; its other address is asked when nobody listens at the first")
    func hanging() throws {
        let hanging = try ScriptedServer([.init("*") { $0.delay = 30 }])
        let start = MonotonicClock.now()
        let finding = try find("ec2", [hanging], time: .seconds(1))
        #expect(finding.provider == nil && finding.remarks.count == 2)
        #expect(MonotonicClock.now() - start < .seconds(8))
        let gone = try LoopbackPort.free()
        let fixture = try Fixture()
        var search = DataSourceSearch(root: fixture.root)
        let server = try ScriptedServer(
            Self.ec2.map { path, text in
                .init(path) {
                    $0.method = "GET"; $0.body = text
                }
            })
        search.servers = ["ec2": ["http://127.0.0.1:\(gone)", "http://127.0.0.1:\(server.port)"]]
        check(search.find(providers: ["ec2"], scope: .all))
    }

    @Test("an answer without end is cut, and the rest is used")
    func endless() throws {
        let server = try ScriptedServer([
            .init("/hetzner/v1/metadata") { $0.body = "instance-id: 7\n" },
            .init("/hetzner/v1/userdata") { $0.endless = true },
        ])
        let finding = try find("hetzner", [server])
        #expect(finding.provider == "hetzner" && finding.text == nil && finding.isIncomplete)
        #expect(
            finding.remarks == ["userData could not be had: the answer is longer than the 1048576 bytes allowed"])
    }
}
