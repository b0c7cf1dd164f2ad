import NetworkModel
import Testing

@Suite("IP network")
struct IPNetworkTests {
    @Test(
        "addresses are read",
        arguments: [
            "192.0.2.1", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::1", "1:2:3:4:5:6:7:8", "fe80::",
            "::ffff:192.0.2.1",
            "1:2:3:4:5:6:192.0.2.1", "2001:DB8::A",
        ])
    func address(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.bytes.count == (text.contains(":") ? 16 : 4))
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "1.2.3.-4", ":", ":::", "1::2::3",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::1%eth0", "1:2:3:4:5:6:7::8", "[::1]", "1.2.3.4:53", "192.0.2.1::",
            "+1::",
        ])
    func noAddress(text: String) { #expect(IPAddress(text) == nil) }

    static let networks: [(String, String?, String?)] = [
        ("192.0.2.7/24", nil, "192.0.2.7/24"), ("192.0.2.7", "255.255.240.0", "192.0.2.7/20"),
        ("192.0.2.7", "24", "192.0.2.7/24"), ("192.0.2.7/255.255.255.0", nil, "192.0.2.7/24"),
        ("2001:db8::1", "ffff:ffff::", "2001:db8::1/32"), ("192.0.2.7", nil, "192.0.2.7/9"),
        ("192.0.2.7/33", nil, nil), ("2001:db8::/129", nil, nil), ("192.0.2.7", "255.0.255.0", nil),
        ("192.0.2.7/", nil, nil),
        ("192.0.2.7/-1", nil, nil), ("192.0.2.7/a", nil, nil),
    ]

    @Test("a prefix is a number or a mask", arguments: networks)
    func network(text: String, mask: String?, expected: String?) {
        #expect(IPNetwork(text, mask: mask, standard: { _ in 9 })?.text == expected)
    }

    @Test(
        "a network contains its addresses and no others",
        arguments: [
            ("192.0.2.130/25", "192.0.2.200", true), ("192.0.2.130/25", "192.0.2.1", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("2001:db8::/33", "2001:db8:8000::", false), ("2001:db8::/32", "2001:db8:8000::", true),
            ("0.0.0.0/0", "::1", false),
        ])
    func contains(network: String, address: String, isIn: Bool) throws {
        let network = try #require(IPNetwork(network, standard: { _ in 0 }))
        #expect(network.contains(try #require(IPAddress(address))) == isIn)
    }
}
