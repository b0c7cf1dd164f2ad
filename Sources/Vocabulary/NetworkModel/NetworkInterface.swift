/// A network interface as it is at one moment.
package struct NetworkInterface: Equatable, Sendable {
    /// The kernel's number.
    package var index: UInt32
    /// The kernel's name, such as `eth0`.
    package var name: String
    /// Whether it leads to this machine alone.
    package var isLoopback = false
    /// Whether it was switched on.
    package var isUp = false
    /// Whether somebody is at the other end of the cable.
    package var hasCarrier = false
    /// The hardware address; nil when it has none.
    package var hardwareAddress: String?
    /// Its addresses.
    package var addresses: [AssignedAddress] = []
    /// The routers of its default routes.
    package var gateways: [IPAddress] = []

    /// Names an interface of which nothing else is known.
    package init(index: UInt32, name: String) { (self.index, self.name) = (index, name) }

    /// The addresses that reach farther than the link, of one family or of both.
    package func global(isSix: Bool? = nil) -> [AssignedAddress] {
        addresses.filter { address in
            !address.network.address.isLinkLocal && (isSix == nil || address.network.address.isSix == isSix)
        }
    }
}

/// An address that an interface has.
package struct AssignedAddress: Equatable, Sendable {
    /// The address and its network.
    package var network: IPNetwork
    /// Whether somebody gave it for a time, as DHCP and routers do.
    package var isLent: Bool

    /// Describes an address.
    package init(_ network: IPNetwork, isLent: Bool = false) { (self.network, self.isLent) = (network, isLent) }
}

extension [NetworkInterface] {
    /// Whether one of them leads to other networks.
    package var hasDefaultRoute: Bool { contains { !$0.gateways.isEmpty } }

    /// The names of those that lead to other machines; of all when there are no others.
    package var names: [String] {
        let others = filter { !$0.isLoopback }
        return (others.isEmpty ? self : others).map(\.name)
    }
}
