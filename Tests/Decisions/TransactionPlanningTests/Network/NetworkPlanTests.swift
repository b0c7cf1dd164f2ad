import NetworkModel
import Plans
import SystemPackage
import Testing

@testable import TransactionPlanning

@Suite("Plans for network interfaces")
struct NetworkPlanTests {
    private static func facts(_ change: (inout NetworkFacts) -> Void = { _ in }) -> NetworkFacts {
        var lo = NetworkInterface(index: 1, name: "lo")
        lo.isLoopback = true
        var facts = NetworkFacts([
            lo, NetworkInterface(index: 2, name: "eth0"), NetworkInterface(index: 3, name: "eth1"),
        ])
        facts.resolver = .file
        change(&facts)
        return facts
    }

    private static func request(dns: [String] = [], gateway: String? = "192.0.2.1") throws -> NetworkRequest {
        try NetworkRequest(interface: "eth0", address: "192.0.2.10/24", gateway: gateway, nameServers: dns)
    }

    private static func steps(_ request: NetworkRequest, _ facts: NetworkFacts) throws -> [String] {
        try NetworkPlan.plan(request, facts).steps.map { step in
            let mark = step.moment == .commit ? "!" : step.moment == .finish ? "?" : ""
            return "\(mark)\(step.action.name) \(step.action.subject)"
        }
    }

    @Test("where nobody manages interfaces the kernel alone is told, and what is not vital comes last")
    func plain() throws {
        let steps = try Self.steps(Self.request(dns: ["192.0.2.53"]), Self.facts())
        #expect(
            steps == [
                "switch-on eth0", "replace-address eth0 192.0.2.10/24", "!replace-gateway eth0 192.0.2.1",
                "?await-carrier eth0, at most 10 seconds", "?write-name-servers /etc/resolv.conf: 192.0.2.53",
            ])
        #expect(
            try Self.steps(Self.request(gateway: nil), Self.facts()).prefix(2)
                == ["switch-on eth0", "!replace-address eth0 192.0.2.10/24"])
    }

    @Test("services that manage interfaces are told before, and programs that ask for addresses are ended")
    func managed() throws {
        let facts = Self.facts {
            ($0.runsNetworkd, $0.hasBus, $0.runsNetworkManager) = (true, true, true)
            $0.running["eth0"] = ["/run/dhclient.eth0.pid"]
            $0.running["eth1"] = ["/run/dhclient.eth1.pid"]
        }
        #expect(
            try Self.steps(Self.request(), facts).prefix(6) == [
                "end-client /run/dhclient.eth0.pid", "write-settings /run/systemd/network/00-lifeboot-eth0.network",
                "run networkctl reload", "run networkctl reconfigure eth0", "run nmcli device set eth0 managed no",
                "switch-on eth0",
            ])
        let steps = try Self.steps(Self.request(), Self.facts { $0.runsNetworkd = true })
        #expect(steps[1] == "run systemctl restart systemd-networkd.service", "without a message bus")
    }

    @Test("systemd-networkd's file has the address, and what the interface has of the other kind")
    func settings() throws {
        var facts = Self.facts { $0.runsNetworkd = true }
        facts.interfaces[1].addresses = try ["10.0.0.5/8", "2001:db8::9/64", "fe80::9/64"].map {
            AssignedAddress(try #require(IPNetwork($0, standard: { _ in 0 })))
        }
        facts.interfaces[1].gateways = [try #require(IPAddress("10.0.0.1")), try #require(IPAddress("fe80::1"))]
        let plan = try NetworkPlan.plan(Self.request(dns: ["192.0.2.53"]), facts)
        var text = ""
        if case .writeSettings(_, let written)? = plan.steps.first?.action { text = written }
        #expect(
            text == """
                # Written by lifeboot network, for this boot only.
                [Match]
                Name=eth0

                [Network]
                DHCP=no
                Address=192.0.2.10/24
                Address=2001:db8::9/64
                Gateway=192.0.2.1
                Gateway=fe80::1
                DNS=192.0.2.53

                """)
    }

    @Test("name servers go where programs read them")
    func nameServers() throws {
        func last(_ change: (inout NetworkFacts) -> Void) throws -> [String] {
            try Self.steps(Self.request(dns: ["192.0.2.53", "192.0.2.54"]), Self.facts(change))
                .filter { !$0.contains("carrier") && $0.hasPrefix("?") }
        }
        let both = "192.0.2.53, 192.0.2.54"
        #expect(try last { $0.resolver = .link("/run/r") } == ["?write-name-servers /run/r: \(both)"])
        #expect(try last { $0.resolver = .missing } == ["?write-name-servers /etc/resolv.conf: \(both)"])
        #expect(
            try last { ($0.runsResolved, $0.hasBus) = (true, true) } == [
                "?run resolvectl dns eth0 192.0.2.53 192.0.2.54"
            ])
        #expect(try last { ($0.runsResolved, $0.runsNetworkd) = (true, true) } == [])
        #expect(
            try last { $0.runsResolved = true } == [
                "?write-settings /run/systemd/resolved.conf.d/lifeboot.conf",
                "?run systemctl restart systemd-resolved.service",
            ])
    }

    @Test(
        "what the image has asks for an address: a service that runs first, then programs, then a service that does not run"
    )
    func lease() throws {
        func steps(_ change: (inout NetworkFacts) -> Void) throws -> [String] {
            try Self.steps(NetworkRequest(leaseOn: "eth0"), Self.facts(change))
        }
        let ready = ["switch-on eth0", "await-carrier eth0, at most 10 seconds"]
        let file = "write-settings /run/systemd/network/00-lifeboot-eth0.network"
        let wait = "!await-address eth0, at most 30 seconds"
        let take = "?take-name-servers eth0"
        #expect(
            try steps { ($0.runsNetworkd, $0.clients, $0.runsNetworkManager) = (true, [.dhclient], true) }
                == ready + [file, "run systemctl restart systemd-networkd.service", wait, take])
        #expect(
            try steps { ($0.runsNetworkManager, $0.clients) = (true, [.udhcpc]) }
                == ready + ["run nmcli device set eth0 managed yes", "!run nmcli --wait 30 device connect eth0"])
        #expect(
            try steps { ($0.hasNetworkd, $0.clients) = (true, [.dhcpcd, .udhcpc]) }.last
                == "!run udhcpc -i eth0 -n -t 5 -T 5 -p /run/lifeboot/dhcp-eth0.pid")
        #expect(try steps { $0.clients = [.dhcpcd] }.last == "!run dhcpcd -w -t 30 eth0")
        #expect(
            try steps { $0.clients = [.dhclient] }.last
                == "!run dhclient -1 -pf /run/lifeboot/dhcp-eth0.pid -lf /run/lifeboot/dhcp-eth0.leases eth0")
        #expect(
            try steps { ($0.hasNetworkd, $0.runsResolved) = (true, true) }
                == ready + [file, "run systemctl start systemd-networkd.service", wait])
    }

    @Test("an interface that there is not is refused with those that there are; nobody to ask is, with a command")
    func refused() throws {
        #expect { try NetworkPlan.plan(NetworkRequest(leaseOn: "eth9"), Self.facts()) } throws: {
            "\($0)".contains("Name one of those that there are: eth0, eth1.")
        }
        #expect { try NetworkPlan.plan(NetworkRequest(leaseOn: "eth0"), NetworkFacts([])) } throws: {
            "\($0)".contains("There is none")
        }
        #expect { try NetworkPlan.plan(NetworkRequest(leaseOn: "eth0"), Self.facts()) } throws: {
            "\($0)".contains("`lifeboot network set eth0 192.0.2.10/24 --gateway 192.0.2.1 --dns 192.0.2.1`")
        }
    }

    @Test("an address that is lent for is known by what the interface had before")
    func known() throws {
        var facts = Self.facts { $0.runsNetworkd = true }
        let network = try #require(IPNetwork("10.0.0.5/8", standard: { _ in 0 }))
        facts.interfaces[1].addresses = [AssignedAddress(network)]
        let actions = try NetworkPlan.plan(NetworkRequest(leaseOn: "eth0"), facts).steps.map(\.action)
        #expect(actions.contains(.awaitAddress("eth0", known: [network], seconds: 30)))
    }

    @Test("units count that run or are about to; the words stand in the order in which they were asked for")
    func services() {
        let units = ["a", "b", "c", "d"]
        #expect(ServiceStates.running(units, Array("active\ninactive\nactivating\nfailed\n".utf8)) == ["a", "c"])
        #expect(ServiceStates.running(units, []) == [])
    }
}
