import Foundation
import LinuxSystem
import NetworkModel
import Testing

@testable import NetworkInterfaces

/// Runs on a thread of its own whose network is its own, too: an empty one with a pair of interfaces.
enum OwnNetwork {
    /// Whether this machine lets networks be made.
    static let isPossible = geteuid() == 0 && (try? run {}) != nil

    static func run(_ body: @escaping @Sendable () throws -> Void) throws {
        var work = BackgroundWork {
            guard let symbol = dlsym(nil, "unshare") else { throw POSIXError(.ENOSYS) }
            // CLONE_NEWNET, for this thread alone. Swift's Glibc does not have the call.
            guard unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)(0x4000_0000) == 0 else {
                throw POSIXError(.EPERM)
            }
            try ip("link add v0 type veth peer name v1")
            try body()
        }
        try work.value()
    }

    static func ip(_ words: String) throws {
        try ChildProcess.run("ip", words.split(separator: " ").map(String.init), timeout: .seconds(20)).requireSuccess()
    }

    static func interface(_ name: String) throws -> NetworkInterface {
        try #require(try NetworkInterfaces.all().first { $0.name == name })
    }

    static func network(_ text: String) throws -> IPNetwork { try #require(IPNetwork(text, standard: { _ in 0 })) }
}

@Suite("Interfaces of the kernel", .enabled(if: OwnNetwork.isPossible), .timeLimit(.minutes(2)))
struct NetworkInterfacesTests {
    @Test("an interface is switched on and gets an address, then another one in its place, and a router")
    func setting() throws {
        try OwnNetwork.run {
            #expect(try NetworkInterfaces.all().names.sorted() == ["v0", "v1"])
            #expect(try OwnNetwork.interface("v0").isUp == false)
            try NetworkInterfaces.switchOn("v0")
            #expect(try OwnNetwork.interface("v0").isUp)
            for address in ["10.0.2.15/24", "10.0.2.20/24", "10.0.2.20/24"] {
                try NetworkInterfaces.replaceAddress("v0", with: OwnNetwork.network(address))
                #expect(try OwnNetwork.interface("v0").global().map(\.network.text) == [address])
            }
            for gateway in ["10.0.2.2", "10.0.2.3", "10.0.2.3"] {
                try NetworkInterfaces.replaceGateway("v0", with: #require(IPAddress(gateway)))
                #expect(try OwnNetwork.interface("v0").gateways.map(\.text) == [gateway])
            }
            #expect(try NetworkInterfaces.all().hasDefaultRoute)
            // As DHCP leaves one.
            try OwnNetwork.ip("route add default via 10.0.2.9 dev v0 proto dhcp metric 1024")
            #expect(try OwnNetwork.interface("v0").gateways.count == 2)
            try NetworkInterfaces.replaceGateway("v0", with: #require(IPAddress("10.0.2.3")))
            #expect(try OwnNetwork.interface("v0").gateways.map(\.text) == ["10.0.2.3"])
        }
    }

    @Test("an address of IPv6 comes beside one of IPv4, and its router may be one of the link")
    func six() throws {
        try OwnNetwork.run {
            try NetworkInterfaces.switchOn("v0")
            try NetworkInterfaces.switchOn("v1")
            try NetworkInterfaces.replaceAddress("v0", with: OwnNetwork.network("10.0.2.15/24"))
            try NetworkInterfaces.replaceAddress("v0", with: OwnNetwork.network("2001:db8::5/64"))
            try NetworkInterfaces.replaceGateway("v0", with: #require(IPAddress("fe80::1")))
            let interface = try OwnNetwork.interface("v0")
            #expect(interface.global().map(\.network.text) == ["10.0.2.15/24", "2001:db8::5/64"])
            #expect(interface.gateways.map(\.text) == ["fe80::1"])
        }
    }

    @Test("a carrier is waited for, and one that does not come is no endless wait")
    func carrier() throws {
        try OwnNetwork.run {
            try NetworkInterfaces.switchOn("v0")
            let start = MonotonicClock.now()
            #expect(try !NetworkInterfaces.wait(for: "v0", until: .after(.milliseconds(300)), \.hasCarrier))
            #expect(MonotonicClock.now() - start >= .milliseconds(300))
            try NetworkInterfaces.switchOn("v1")
            #expect(try NetworkInterfaces.wait(for: "v0", until: .after(.seconds(20)), \.hasCarrier))
        }
    }

    @Test("what the kernel refuses says which interface, why, and what to do")
    func refused() throws {
        try OwnNetwork.run {
            #expect { try NetworkInterfaces.switchOn("nowhere0") } throws: {
                "\($0)".contains("nowhere0: it is not there any more. `lifeboot network` lists")
            }
            try NetworkInterfaces.switchOn("v0")
            #expect { try NetworkInterfaces.replaceGateway("v0", with: #require(IPAddress("10.9.9.9"))) } throws: {
                "\($0)".contains("setting the gateway 10.9.9.9 of v0")
                    && "\($0)".contains("Name a gateway in the network")
            }
        }
    }
}
