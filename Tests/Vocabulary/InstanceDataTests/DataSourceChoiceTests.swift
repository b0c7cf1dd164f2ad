import Testing

@testable import InstanceData

@Suite("Choice of data sources")
struct DataSourceChoiceTests {
    static let local = ["nocloud", "config-drive", "smbios", "fw-cfg", "vmware"]

    static func machine(_ change: (inout MachineIdentity) -> Void) -> MachineIdentity {
        var machine = MachineIdentity()
        change(&machine)
        return machine
    }

    static let clouds: [(MachineIdentity, String)] = [
        (machine { $0.vendor = "Amazon EC2" }, "ec2"),
        (
            machine {
                $0.uuid = "EC2abc"; $0.serial = "ec2ABC"
            }, "ec2"
        ),
        (machine { $0.hypervisorUUID = "EC2-1" }, "ec2"),
        (machine { $0.serial = "x.brightbox.com" }, "ec2"),
        (
            machine {
                $0.vendor = "3DS Outscale"; $0.product = "3DS Outscale VM"
            }, "ec2"
        ),
        (machine { $0.vendor = "DigitalOcean" }, "digitalocean"),
        (machine { $0.product = "Google Compute Engine" }, "gce"),
        (machine { $0.serial = "GoogleCloud-12" }, "gce"),
        (machine { $0.product = "OpenStack Nova" }, "openstack"),
        (machine { $0.assetTag = "OpenTelekomCloud" }, "openstack"),
        (machine { $0.assetTag = "7783-7084-3265-9085-8269-3286-77" }, "azure"),
        (machine { $0.vendor = "Hetzner" }, "hetzner"),
        (machine { $0.vendor = "Vultr" }, "vultr"),
        (machine { $0.words = ["quiet", "vultr"] }, "vultr"),
        (machine { $0.vendor = "Scaleway" }, "scaleway"),
    ]

    @Test("of the providers on the network the one is asked that the machine belongs to", arguments: clouds)
    func seen(machine: MachineIdentity, name: String) {
        #expect(DataSourceChoice(machine, asked: []).providers.map(\.name) == Self.local + [name])
        let all = Provider.all.map(\.name)
        #expect(DataSourceChoice(machine, asked: all.reversed()).providers.map(\.name) == Self.local + [name])
    }

    @Test("a machine that says nothing is asked only for what was named, in the fixed order")
    func unseen() {
        #expect(DataSourceChoice(MachineIdentity(), asked: []).providers.map(\.name) == Self.local)
        let choice = DataSourceChoice(MachineIdentity(), asked: ["Vultr", "aws", "cdrom"])
        #expect(choice.providers.map(\.name) == ["nocloud", "ec2", "vultr"])
        #expect(choice.warnings.isEmpty)
    }

    @Test("a UUID that is not the serial number shows nothing")
    func uuid() {
        let machine = Self.machine {
            $0.uuid = "ec2abc"; $0.serial = "other"
        }
        #expect(DataSourceChoice(machine, asked: []).providers.map(\.name) == Self.local)
    }

    @Test("an unknown name is a warning, with the nearest known one")
    func unknown() {
        let choice = DataSourceChoice(MachineIdentity(), asked: ["maas", "hetznr", "metaldata"])
        #expect(choice.providers.isEmpty)
        #expect(choice.warnings.count == 3)
        #expect(choice.warnings[0].contains("maas") && choice.warnings[1].contains("did you mean 'hetzner'"))
        #expect(choice.warnings[2].contains("metaldata"))
    }

    @Test("files and addresses are kept as they are written")
    func elsewhere() {
        let choice = DataSourceChoice(MachineIdentity(), asked: ["file=/a=b", "FILE:///c", "https://h/p?a=b"])
        #expect(choice.files == ["/a=b", "/c"])
        #expect(choice.addresses == ["https://h/p?a=b"])
        #expect(choice.providers.isEmpty && choice.warnings.isEmpty)
    }

    @Test(
        "every name that the family uses is known",
        arguments: [
            ("aws", "ec2"), ("azure", "azure"), ("gcp", "gce"), ("hetzner", "hetzner"), ("openstack", "openstack"),
            ("packet", "equinix"), ("scaleway", "scaleway"), ("vultr", "vultr"), ("digitalocean", "digitalocean"),
            ("metaldata", "metaldata"), ("vmware", "vmware"), ("cdrom", "nocloud"), ("config-drive", "config-drive"),
        ])
    func names(asked: String, name: String) { #expect(Provider.named(asked)?.name == name) }

    @Test("names are unique, and paths and headers are such that they can be sent")
    func table() {
        let names = Provider.all.flatMap { [$0.name] + $0.aliases }
        #expect(Set(names).count == names.count)
        for provider in Provider.all {
            guard case .http(let service) = provider.transport else { continue }
            #expect(service.requests.allSatisfy { $0.path.hasPrefix("/") })
            #expect(service.requests.first?.isRequired == true)
            #expect(service.addresses.allSatisfy { $0.hasPrefix("http") && !$0.hasSuffix("/") })
        }
    }

    static let outcomes: [(Int, String, TokenRequest.Outcome)] = [
        (200, "AQAE", .use), (404, "", .goWithout), (405, "", .goWithout), (403, "", .giveUp), (500, "", .giveUp),
        (200, "", .giveUp), (200, "a\nX: y", .giveUp),
    ]

    @Test("without a token it goes on only where there are none", arguments: outcomes)
    func token(status: Int, body: String, outcome: TokenRequest.Outcome) throws {
        guard case .http(let service) = try #require(Provider.named("ec2")).transport else { return }
        let token = try #require(service.token)
        #expect(token.method == "PUT" && token.headers.map(\.name) == ["X-aws-ec2-metadata-token-ttl-seconds"])
        #expect(token.outcome(status: status, body: Array(body.utf8)) == outcome)
    }
}
