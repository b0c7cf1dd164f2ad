import NetworkModel
package import SystemPackage

/// A file of systemd-networkd's for one interface, below `/run`, so that it is gone with this boot.
struct NetworkdSettings: Equatable, Sendable {
    /// Where it lies: before all that OEM files and the image bring, of which the first that fits counts.
    let path: FilePath
    /// What it says (systemd.network(5)).
    let text: String

    /// Says that an interface asks for its addresses.
    init(leaseOn interface: NetworkInterface) {
        self.init(interface.name, ["DHCP=yes"])
    }

    /// Says which address an interface has; those of the other kind that it has now stay.
    init(_ interface: NetworkInterface, _ network: IPNetwork, _ gateway: IPAddress?, _ servers: [IPAddress]) {
        let isSix = network.address.isSix
        let others = interface.global(isSix: !isSix).map(\.network.text)
        let routers = interface.gateways.filter { $0.isSix != isSix }
        let lines =
            ["DHCP=no"] + ([network.text] + others).map { "Address=\($0)" }
            + ([gateway].compactMap(\.self) + (others.isEmpty ? [] : routers)).map { "Gateway=\($0.text)" }
            + servers.map { "DNS=\($0.text)" }
        self.init(interface.name, lines)
    }

    private init(_ name: String, _ lines: [String]) {
        path = NetworkPlaces.networkd(name)
        let all =
            ["# Written by lifeboot network, for this boot only.", "[Match]", "Name=\(name)", "", "[Network]"] + lines
        text = all.map { "\($0)\n" }.joined()
    }
}

/// Where files about interfaces lie; all of them are gone with this boot.
package enum NetworkPlaces {
    /// A file of systemd-networkd's for an interface.
    static func networkd(_ name: String) -> FilePath {
        FilePath("/run/systemd/network/00-lifeboot-\(name).network")
    }

    /// What systemd-resolved is told where there is no message bus.
    static let resolved: FilePath = "/run/systemd/resolved.conf.d/lifeboot.conf"

    /// The file that is laid over `/etc/resolv.conf`.
    package static let nameServers: FilePath = "/run/lifeboot/resolv.conf"

    /// The number of the program that `lifeboot network dhcp` has started for an interface.
    static func clientNumber(_ name: String) -> FilePath { FilePath("/run/lifeboot/dhcp-\(name).pid") }

    /// What systemd-networkd knows of an interface, by the kernel's number.
    package static func link(_ index: UInt32) -> FilePath { FilePath("/run/systemd/netif/links/\(index)") }

    /// Where programs that ask for addresses leave their numbers, by the conventions of Debian, Alpine and their own.
    package static func clientNumbers(_ name: String) -> [FilePath] {
        let names = ["dhclient.\(name)", "dhclient-\(name)", "udhcpc.\(name)", "dhcpcd-\(name)", "dhcpcd/\(name)"]
        return [clientNumber(name)] + names.map { FilePath("/run/\($0).pid") }
    }
}
