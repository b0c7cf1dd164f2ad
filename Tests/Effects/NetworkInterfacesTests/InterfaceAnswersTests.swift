import NetworkModel
import Testing

@testable import NetworkInterfaces

@Suite("What the kernel says of interfaces")
struct InterfaceAnswersTests {
    private static func link(_ index: UInt32, _ name: String, flags: UInt32, carrier: UInt8) -> RouteMessage {
        let fixed = [0, 0, 0, 0] + KernelBytes.of(index) + KernelBytes.of(flags) + KernelBytes.of(UInt32(0))
        var message = RouteMessage(RouteMessage.Kind.newLink, [], fixed)
        message.add(3, Array("\(name)\0".utf8))
        message.add(1, [0x52, 0x54, 0, 0x12, 0x34, 0x56])
        message.add(33, [carrier])
        return message
    }

    private static func address(_ text: String, on index: UInt32, flags: UInt32) throws -> RouteMessage {
        let network = try #require(IPNetwork(text, standard: { _ in 0 }))
        var message = RouteParts.message(RouteMessage.Kind.newAddress, [], network, index)
        message.add(8, KernelBytes.of(flags))
        return message
    }

    private static func interfaces(
        flags: UInt32 = 1, carrier: UInt8 = 1, _ addresses: [RouteMessage] = [], _ routes: [RouteMessage] = []
    ) -> [NetworkInterface] {
        let links = [link(1, "lo", flags: 9, carrier: 1), link(2, "eth0", flags: flags, carrier: carrier)]
        return InterfaceAnswers(links: links, addresses: addresses, routes: routes).interfaces
    }

    @Test(
        "an interface that is switched off has no carrier",
        arguments: [(1, 1, true), (1, 0, false), (0, 1, false)] as [(UInt32, UInt8, Bool)])
    func carrier(flags: UInt32, carrier: UInt8, expected: Bool) {
        let found = Self.interfaces(flags: flags, carrier: carrier)
        #expect(found.map(\.name) == ["lo", "eth0"] && found.map(\.isLoopback) == [true, false])
        #expect(found[1].isUp == (flags == 1) && found[1].hasCarrier == expected)
        #expect(found.map(\.hardwareAddress) == [nil, "52:54:00:12:34:56"])
    }

    @Test("addresses come to their interface, and those that somebody gave for a time are told")
    func addresses() throws {
        let found = Self.interfaces([
            try Self.address("10.0.2.15/24", on: 2, flags: 0x80), try Self.address("2001:db8::5/64", on: 2, flags: 0),
            try Self.address("127.0.0.1/8", on: 1, flags: 0x80), try Self.address("10.9.9.9/8", on: 7, flags: 0x80),
        ])
        #expect(found[1].addresses.map(\.network.text) == ["10.0.2.15/24", "2001:db8::5/64"])
        #expect(found[1].addresses.map(\.isLent) == [false, true])
        #expect(found[0].addresses.map(\.network.text) == ["127.0.0.1/8"])
    }

    @Test("only default routes of the main table name gateways")
    func gateways() throws {
        let gateway = try #require(IPAddress("10.0.2.2"))
        let route = RouteParts.message(RouteMessage.Kind.newRoute, [], gateway, 2)
        #expect(Self.interfaces([], [route, route])[1].gateways == [gateway])
        for (place, value) in [(1, UInt8(8)), (4, 255), (7, 7)] {
            var body = route.body
            body[place] = value
            let other = RouteMessage(route.kind, [], body)
            #expect(Self.interfaces([], [other])[1].gateways.isEmpty, "byte \(place)")
        }
    }
}
