import NetworkModel
import Testing

@testable import NetworkInterfaces

@Suite("Messages to the kernel about interfaces")
struct RouteMessageTests {
    @Test("an address becomes the bytes that ip(8) sends")
    func address() throws {
        let network = try #require(IPNetwork("10.0.2.20/20", standard: { _ in 0 }))
        let message = RouteParts.message(RouteMessage.Kind.newAddress, [.request, .acknowledge, .create], network, 3)
        #expect(
            message.bytes(sequence: 7) == [
                48, 0, 0, 0, 20, 0, 0x05, 0x04, 7, 0, 0, 0, 0, 0, 0, 0,
                2, 20, 0, 0, 3, 0, 0, 0,
                8, 0, 2, 0, 10, 0, 2, 20, 8, 0, 1, 0, 10, 0, 2, 20, 8, 0, 4, 0, 10, 0, 15, 255,
            ])
    }

    @Test("a default route names the router and the interface")
    func route() throws {
        let gateway = try #require(IPAddress("fe80::1"))
        let message = RouteParts.message(RouteMessage.Kind.newRoute, [.request], gateway, 258)
        #expect(Array(message.body.prefix(12)) == [10, 0, 0, 0, 254, 4, 0, 1, 0, 0, 0, 0])
        #expect(message.attributes(after: 12) == [5: gateway.bytes, 4: [2, 1, 0, 0]])
    }

    @Test("what was written is read, with attributes of odd lengths")
    func roundTrip() {
        var message = RouteMessage(16, [.request, .dump], [UInt8](repeating: 0, count: 16))
        message.add(3, Array("lo\0".utf8))
        message.add(33, [1])
        let read = RouteMessage.parse(message.bytes(sequence: 9) + message.bytes(sequence: 10))
        #expect(read.map(\.sequence) == [9, 10])
        #expect(read.map(\.message) == [message, message])
        #expect(read.first?.message.attributes(after: 16) == [3: Array("lo\0".utf8), 33: [1]])
    }

    @Test("a message that is cut anywhere ends the list, and nothing is read beyond it")
    func cut() {
        var message = RouteMessage(16, [], [UInt8](repeating: 0, count: 16))
        message.add(3, Array("eth0\0".utf8))
        let bytes = message.bytes(sequence: 1)
        for length in 0..<bytes.count { #expect(RouteMessage.parse(Array(bytes.prefix(length))).isEmpty) }
        for length in 0..<message.body.count {
            let cut = RouteMessage(16, [], Array(message.body.prefix(length)))
            #expect(cut.attributes(after: 16)[3] == (length >= 25 ? Array("eth0\0".utf8) : nil))
        }
        #expect(RouteMessage.parse([0, 0, 0, 0] + [UInt8](repeating: 0, count: 32)).isEmpty)
    }
}
