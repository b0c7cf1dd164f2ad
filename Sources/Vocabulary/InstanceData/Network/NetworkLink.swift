import DocumentTree
import NetworkModel

/// One setting of a file of systemd-networkd.
struct NetworkLine: Equatable, Sendable {
    var section: String
    var key: String
    var value: String
}

/// One network interface, whichever language described it.
struct NetworkLink: Sendable {
    /// What the interface is.
    enum Kind: String, Sendable { case ethernet, bond, bridge, vlan }

    /// What the document calls it.
    var id: String
    var kind: Kind
    var mark: DocumentMark
    /// By what a device is known; all that is said must fit.
    var macAddress: String?
    var names: [String] = []
    var drivers: [String] = []
    /// The name that the device is to get.
    var newName: String?
    /// The hardware address that it is to get.
    var newAddress: String?
    var isWoken: Bool?
    var usesDHCP4 = false
    var usesDHCP6 = false
    var takesAdvertisements: Bool?
    var linkLocal: [String]?
    var addresses: [NetworkAddress] = []
    var routes: [NetworkRoute] = []
    var nameservers: [String] = []
    var domains: [String] = []
    /// Settings of its `.network` file that are taken over one by one.
    var lines: [NetworkLine] = []
    /// Settings of its `.netdev` file.
    var deviceLines: [NetworkLine] = []
    /// What a bond or bridge consists of, by id.
    var members: [String] = []
    /// The member of a bond that carries when it can.
    var primary: String?
    /// Settings that go to members, by id.
    var memberLines: [(member: String, line: NetworkLine)] = []
    var tag: Int?
    /// What a VLAN lies on, by id.
    var parent: String?

    /// The name of the interface as the kernel has it; nil when only its hardware is known.
    var interfaceName: String? { kind == .ethernet ? newName ?? (names.count == 1 ? names[0] : nil) : id }

    mutating func add(_ section: String, _ key: String, _ value: String) {
        lines.append(NetworkLine(section: section, key: key, value: value))
    }
}

/// An address of an interface.
struct NetworkAddress: Equatable, Sendable {
    var network: IPNetwork
    var lines: [NetworkLine] = []
}

/// A route.
struct NetworkRoute: Equatable, Sendable {
    /// Nil for all that no other route takes.
    var destination: IPNetwork?
    var gateway: IPAddress?
    /// Written without a prefix length, which another key has.
    var bareDestination: String?
    var mask: String?
    var lines: [NetworkLine] = []

    /// Joins what separate keys say; false when it is no network.
    mutating func settle() -> Bool {
        guard let bare = bareDestination, bare != "default" else { return gateway != nil || bareDestination != nil }
        destination = IPNetwork(bare, mask: mask) { $0.bytes.count * 8 }
        return destination != nil
    }

    var settings: [NetworkLine] {
        var lines: [NetworkLine] = []
        func add(_ key: String, _ value: String) { lines.append(NetworkLine(section: "Route", key: key, value: value)) }
        if let destination {
            add("Destination", destination.text)
        } else {
            add("Destination", gateway?.isSix == true ? "::/0" : "0.0.0.0/0")
        }
        if let gateway { add("Gateway", gateway.text) }
        return lines + self.lines
    }
}
