import CommandOutput
import JSONText
import NetworkModel
import OutputSchemas
import Testing
import Transactions

@testable import AgentCommands

@Suite("lifeboot network")
struct NetworkCommandTests {
    private static func state(_ change: (inout NetworkInterface) -> Void = { _ in }) throws -> NetworkState {
        var state = try NetworkState(gathering: ())
        var lo = NetworkInterface(index: 1, name: "lo")
        (lo.isLoopback, lo.isUp, lo.hasCarrier) = (true, true, true)
        var card = NetworkInterface(index: 2, name: "eth0")
        card.hardwareAddress = "52:54:00:12:34:56"
        card.isUp = true
        change(&card)
        (state.interfaces, state.nameServers) = ([lo, card], ["192.0.2.53"])
        return state
    }

    @Test("an interface is a line with its state, and it is said when nothing leads to other networks")
    func lines() throws {
        let lines = try Self.state().lines
        #expect(lines.contains("eth0       up, no carrier  52:54:00:12:34:56"))
        #expect(
            lines.suffix(2) == [
                "Name servers: 192.0.2.53", "Nothing leads to other networks: there is no default route.",
            ])
        let network = try #require(IPNetwork("192.0.2.10/24", standard: { _ in 0 }))
        let router = try #require(IPAddress("192.0.2.1"))
        let connected = try Self.state {
            $0.hasCarrier = true
            ($0.addresses, $0.gateways) = ([AssignedAddress(network, isLent: true)], [router])
        }
        #expect(connected.lines.last == "Name servers: 192.0.2.53")
        let row = try #require(connected.lines.first { $0.hasPrefix("eth0") })
        #expect(row.split(separator: " ") == ["eth0", "up", "52:54:00:12:34:56", "192.0.2.10/24", "192.0.2.1"])
        let card = connected.json["interfaces"]?.elements?.last
        #expect(card?["addresses"]?.elements?.first == ["address": "192.0.2.10/24", "lent": true])
        try OutputSchema.check(connected.json, "network")
        #expect(card?["gateways"] == ["192.0.2.1"] && connected.json["defaultRoute"] == true)
    }

    @Test("one that is switched off says so; a machine without any says that")
    func off() throws {
        #expect(try Self.state { $0.isUp = false }.lines.contains { $0.hasPrefix("eth0       off") })
        var state = try Self.state()
        state.interfaces = []
        #expect(state.lines == ["This machine has no network interface."])
        #expect(state.json["interfaces"] == [] && state.json["defaultRoute"] == false)
    }
}
