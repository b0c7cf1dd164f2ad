import NetworkModel
import Testing

@Suite("Network interfaces")
struct NetworkInterfaceTests {
    private static func interface(
        _ name: String, _ addresses: [String], isLoopback: Bool = false
    ) throws -> NetworkInterface {
        var interface = NetworkInterface(index: 1, name: name)
        interface.isLoopback = isLoopback
        interface.addresses = try addresses.map { AssignedAddress(try #require(IPNetwork($0, standard: { _ in 0 }))) }
        return interface
    }

    @Test("addresses of the link alone are not among those that reach farther")
    func global() throws {
        let interface = try Self.interface(
            "e", ["10.0.0.1/8", "169.254.3.4/16", "fe80::1/64", "febf::1/64", "2001:db8::1/64"])
        #expect(interface.global().map(\.network.text) == ["10.0.0.1/8", "2001:db8::1/64"])
        #expect(interface.global(isSix: true).map(\.network.text) == ["2001:db8::1/64"])
        #expect(interface.global(isSix: false).map(\.network.text) == ["10.0.0.1/8"])
    }

    @Test("the loopback is named only where there is nothing else")
    func names() throws {
        let (lo, eth) = (try Self.interface("lo", [], isLoopback: true), try Self.interface("eth0", []))
        #expect([lo, eth].names == ["eth0"] && [lo].names == ["lo"])
    }

    @Test(
        "an address of the kernel's is written as people write it",
        arguments: [
            ([10, 0, 2, 15], "10.0.2.15"),
            ([0x20, 1, 0xD, 0xB8] + Array(repeating: 0, count: 11) + [1], "2001:db8::1"),
            (Array(repeating: 0, count: 16), "::"), ([0, 1] + Array(repeating: 0, count: 14), "1::"),
            ([0, 1, 0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7], "1:0:2:3:4:5:6:7"),
            ([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2], "0:0:1::1:2"),
            ([0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 3, 0, 4], "1::2:0:0:3:4"),
        ] as [([UInt8], String)])
    func text(bytes: [UInt8], expected: String) throws {
        let address = try #require(IPAddress(bytes: bytes))
        #expect(address.text == expected && IPAddress(expected) == address)
        #expect(IPAddress(bytes: bytes + [0]) == nil)
    }
}
