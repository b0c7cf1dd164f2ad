import NetworkModel
import Testing

@testable import Transactions

@Suite("An address that the network gave")
struct NetworkEffectsTests {
    private static func network(_ text: String) throws -> IPNetwork {
        try #require(IPNetwork(text, standard: { _ in 0 }))
    }

    @Test("is one that is lent, or one that was not there before, of the kind that is waited for")
    func given() throws {
        var interface = NetworkInterface(index: 2, name: "eth0")
        let old = try Self.network("192.0.2.10/24")
        interface.addresses = [AssignedAddress(old), AssignedAddress(try Self.network("fe80::1/64"), isLent: true)]
        #expect(interface.given(beside: [old], isSix: nil) == nil)
        #expect(interface.given(beside: [], isSix: false)?.network == old)
        let six = AssignedAddress(try Self.network("2001:db8::5/64"), isLent: true)
        interface.addresses.append(six)
        #expect(interface.given(beside: [old], isSix: false) == nil)
        #expect(interface.given(beside: [old, six.network], isSix: nil) == six)
        interface.addresses[0].isLent = true
        #expect(interface.given(beside: [old], isSix: false)?.network == old)
    }
}
