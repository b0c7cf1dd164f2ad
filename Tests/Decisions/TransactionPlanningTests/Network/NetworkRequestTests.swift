import NetworkModel
import Testing

@testable import TransactionPlanning

@Suite("Addresses that are asked for")
struct NetworkRequestTests {
    private static func request(
        _ address: String, _ gateway: String? = nil, _ servers: [String] = []
    ) throws -> NetworkRequest {
        try NetworkRequest(interface: "eth0", address: address, gateway: gateway, nameServers: servers)
    }

    @Test(
        "an address with a prefix is taken, with a gateway in its network or one of the link",
        arguments: [
            ("192.0.2.10/24", "192.0.2.1"), ("192.0.2.10/255.255.255.0", "192.0.2.254"), ("192.0.2.0/31", "192.0.2.1"),
            ("2001:db8::5/64", "2001:db8::1"), ("2001:db8::5/64", "fe80::1"), ("10.0.0.1/32", nil),
        ] as [(String, String?)])
    func taken(address: String, gateway: String?) throws {
        let way = try Self.request(address, gateway, ["2001:db8::3"]).way
        guard case .address(let network, let router, let servers) = way else {
            Issue.record("no address")
            return
        }
        #expect(network.address == IPAddress(String(address.prefix { $0 != "/" })))
        #expect(router == gateway.flatMap { IPAddress($0) } && servers.map(\.text) == ["2001:db8::3"])
    }

    @Test(
        "what no interface can have is refused with what to write instead",
        arguments: [
            ("192.0.2", "no address of IPv4", "such as 192.0.2.1"), ("192.0.2.10", "has no prefix", "192.0.2.10/24"),
            ("2001:db8::5", "has no prefix", "2001:db8::5/64"), ("192.0.2.10/33", "'33' is no prefix", "from 1 to 32"),
            ("192.0.2.10/0", "no prefix", "from 1 to 32"), ("192.0.2.10/x", "'x' is no prefix", "mask such as"),
            ("192.0.2.0/24", "of the network itself", "only this machine has"),
            ("192.0.2.255/24", "broadcast", "only this machine has"),
            ("127.0.0.1/8", "leads to this machine", "Choose"),
            ("224.0.0.1/24", "multicast", "Choose"), ("ff02::1/64", "multicast", "Choose"),
            ("::1/128", "this machine", "Choose"),
            ("0.0.0.0/8", "of nobody", "Choose"), ("::/64", "of nobody", "Choose"),
        ])
    func refused(address: String, cause: String, remedy: String) {
        #expect { try Self.request(address) } throws: { "\($0)".contains(cause) && "\($0)".contains(remedy) }
    }

    @Test(
        "a gateway that cannot be reached is refused",
        arguments: [
            ("192.0.3.1", "outside of the network 192.0.2.10/24"), ("192.0.2.10", "this machine itself"),
            ("2001:db8::1", "of IPv6"), ("router", "no address"),
        ])
    func gateway(gateway: String, cause: String) {
        #expect { try Self.request("192.0.2.10/24", gateway) } throws: { "\($0)".contains(cause) }
    }

    @Test("a name server that is none is refused")
    func server() {
        #expect { try Self.request("192.0.2.10/24", nil, ["dns.example"]) } throws: {
            "\($0)".contains("the name server 'dns.example': it is no address")
        }
    }
}
