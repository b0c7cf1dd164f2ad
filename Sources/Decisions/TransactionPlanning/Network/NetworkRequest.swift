package import Faults
package import NetworkModel

/// What is asked of an interface.
package struct NetworkRequest: Equatable, Sendable {
    /// How it gets its address.
    package enum Way: Equatable, Sendable {
        /// This one.
        case address(IPNetwork, gateway: IPAddress?, nameServers: [IPAddress])
        /// One that a server of the network gives.
        case lease
    }

    /// The kernel's name of the interface.
    package var interface: String
    /// How it gets its address.
    package var way: Way

    /// Asks for an address from the network.
    package init(leaseOn interface: String) { (self.interface, way) = (interface, .lease) }

    /// Asks for an address as it was typed.
    ///
    /// - Throws: `Refusal` for what is no address, or none that an interface can have, and for a gateway outside of the
    ///   network of the address.
    package init(
        interface: String, address: String, gateway: String?, nameServers: [String]
    ) throws(Refusal) {
        let network = try Self.network(address)
        var router: IPAddress?
        if let gateway { router = try Self.router(gateway, in: network) }
        var servers: [IPAddress] = []
        for server in nameServers { servers.append(try Self.address(server, "the name server")) }
        self.interface = interface
        way = .address(network, gateway: router, nameServers: servers)
    }

    private static func refusal(_ subject: String, _ cause: String, _ remedy: String) -> Refusal {
        Refusal(.impossible, "setting", subject, cause: cause, remedy: remedy)
    }

    private static func address(_ text: String, _ what: String) throws(Refusal) -> IPAddress {
        if let address = IPAddress(text) { return address }
        throw refusal(
            "\(what) '\(text)'", "it is no address of IPv4 or IPv6",
            "Write four numbers from 0 to 255, such as 192.0.2.1, or groups of IPv6, such as 2001:db8::1.")
    }

    private static func network(_ text: String) throws(Refusal) -> IPNetwork {
        guard let slash = text.firstIndex(of: "/") else {
            let address = try address(text, "the address")
            throw refusal(
                "the address '\(text)'", "it has no prefix, so that nobody knows how large its network is",
                "Write the bits behind it, such as \(text)/\(address.isSix ? 64 : 24) "
                    + "(255.255.255.0 is 24, 255.255.0.0 is 16).")
        }
        let address = try address(String(text[..<slash]), "the address")
        guard let network = IPNetwork(text, standard: { _ in 0 }), network.prefix > 0 else {
            throw refusal(
                "the address '\(text)'", "'\(text[text.index(after: slash)...])' is no prefix",
                "Write a number from 1 to \(address.bytes.count * 8), or a mask such as 255.255.255.0.")
        }
        if let flaw = network.flaw {
            throw refusal("the address '\(text)'", flaw, "Choose an address that only this machine has.")
        }
        return network
    }

    private static func router(_ text: String, in network: IPNetwork) throws(Refusal) -> IPAddress {
        let address = try address(text, "the gateway")
        guard address.isSix == network.address.isSix else {
            throw refusal(
                "the gateway '\(text)'", "it is of IPv\(address.isSix ? 6 : 4), and the address is not",
                "Name a gateway of the same kind as the address; the other kind is set with a call of its own.")
        }
        guard address != network.address else {
            throw refusal(
                "the gateway '\(text)'", "it is the address of this machine itself",
                "Name the router of the network.")
        }
        guard network.contains(address) || address.isSix && address.isLinkLocal else {
            throw refusal(
                "the gateway '\(text)'", "it is outside of the network \(network.text), so it cannot be reached",
                "Check gateway and prefix: a shorter prefix is a larger network.")
        }
        return address
    }
}

extension IPNetwork {
    /// Why no interface can have this address; nil when one can.
    fileprivate var flaw: String? {
        let bytes = address.bytes
        if bytes.allSatisfy({ $0 == 0 }) { return "it is the address of nobody" }
        if address.isSix ? bytes[0] == 0xFF : (224...239).contains(bytes[0]) {
            return "it is an address of many (multicast)"
        }
        if address.isSix ? bytes.dropLast().allSatisfy({ $0 == 0 }) && bytes[15] == 1 : bytes[0] == 127 {
            return "it leads to this machine itself"
        }
        guard !address.isSix, prefix < 31 else { return nil }
        let number = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let host = number & (UInt32.max >> UInt32(prefix))
        if host == 0 { return "it is the address of the network itself" }
        return host == UInt32.max >> UInt32(prefix) ? "it is the address of all in the network (broadcast)" : nil
    }
}
