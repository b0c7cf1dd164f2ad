import DocumentTree
import NetworkModel

/// One subnet of version 1, or one network of OpenStack: how an interface gets an address.
struct NetworkSubnet {
    /// What a type of subnet means for its interface.
    enum Way { case dhcp4, dhcp6, fixed, advertised, manual }

    var type = ""
    var address: String?
    var mask: String?
    var broadcast: IPAddress?
    var peer: IPAddress?
    var metric: Int?
    var gateway: IPAddress?
    var nameservers: [String] = []
    var domains: [String] = []
    var routes: [NetworkRoute] = []
    var control = "auto"
    var mtu: Int?
    /// The link of an OpenStack network.
    var link: String?

    /// The types of version 1 and of OpenStack, and what each means.
    static let types: [String: [Way]] = [
        "dhcp": [.dhcp4], "dhcp4": [.dhcp4], "dhcp6": [.dhcp6], "static": [.fixed], "static6": [.fixed],
        "manual": [.manual], "ipv6_slaac": [.advertised], "ipv6_dhcpv6-stateless": [.advertised],
        "ipv6_dhcpv6-stateful": [.dhcp6, .advertised], "ipv4": [.fixed], "ipv6": [.fixed], "ipv4_dhcp": [.dhcp4],
        "ipv6_dhcp": [.dhcp6, .advertised],
    ]

    /// Lets the interface have the subnet.
    func apply(to link: inout NetworkLink, at mark: DocumentMark) throws(DocumentError) {
        guard let ways = Self.types[type] else { throw unknownType(mark) }
        for way in ways {
            switch way {
            case .dhcp4: link.usesDHCP4 = true
            case .dhcp6: link.usesDHCP6 = true
            case .advertised: link.takesAdvertisements = true
            case .manual: break
            case .fixed: try addAddress(to: &link, at: mark)
            }
        }
        if control == "manual" { link.add("Link", "ActivationPolicy", "manual") }
        if let mtu { link.add("Link", "MTUBytes", "\(mtu)") }
        if let metric, ways.contains(where: { $0 == .dhcp4 }) { link.add("DHCPv4", "RouteMetric", "\(metric)") }
        if let gateway { link.routes.append(route(through: gateway)) }
        link.routes += routes
        link.nameservers += nameservers
        link.domains += domains
    }

    private func unknownType(_ mark: DocumentMark) -> DocumentError {
        let known = Self.types.keys.sorted()
        let nearest = known.nearest(to: type).map { " (did you mean '\($0)'?)" } ?? ""
        return DocumentError(at: mark, "a subnet of type '\(type)' is not known\(nearest); it is left out")
    }

    private func route(through gateway: IPAddress) -> NetworkRoute {
        var route = NetworkRoute()
        route.gateway = gateway
        if let metric { route.lines = [NetworkLine(section: "Route", key: "Metric", value: "\(metric)")] }
        return route
    }

    private func addAddress(to link: inout NetworkLink, at mark: DocumentMark) throws(DocumentError) {
        // Without a mask cloud-init takes the usual ones.
        guard let text = address, let network = IPNetwork(text, mask: mask, standard: { $0.isSix ? 64 : 24 }) else {
            throw DocumentError(at: mark, "a subnet of type '\(type)' needs an address and a mask that fit")
        }
        var address = NetworkAddress(network: network)
        for (key, value) in [("Broadcast", broadcast), ("Peer", peer)] {
            guard let value else { continue }
            address.lines.append(NetworkLine(section: "Address", key: key, value: value.text))
        }
        link.addresses.append(address)
        // Where OpenStack fixes the address, routers have nothing to say.
        if type == "ipv6" { link.takesAdvertisements = link.takesAdvertisements ?? false }
    }
}

extension NetworkSubnet {
    /// The keys of version 1.
    static let version1 = DocumentTable<NetworkSubnet>(
        "a subnet", emptyIsAbsent: true,
        shared + [
            DocumentKey("address", .word, "The address.") { $0.address = $1 },
            DocumentKey("control", .word, "`manual` leaves the interface down.") { $0.control = $1 },
            DocumentKey("mtu", .integer(68...65_535), "The largest packet.") { $0.mtu = $1 },
        ])

    /// The keys of OpenStack's networks.
    static let openStack = DocumentTable<NetworkSubnet>(
        "a network", emptyIsAbsent: true,
        shared + [
            DocumentKey("ip_address", .word, "The address.") { $0.address = $1 },
            DocumentKey("link", .word, "The link's id.") { $0.link = $1 },
            DocumentKey("id", .node, "Ignored.") { _, _ in },
            DocumentKey("network_id", .node, "Ignored.") { _, _ in },
            DocumentKey("services", .list(of: NetworkService.value, "a service"), "Name servers.") {
                $0.nameservers += $1.flatMap(\.addresses)
            },
        ])

    private static let shared: [DocumentKey<NetworkSubnet>] = [
        DocumentKey("type", .word, "How the interface gets its address.") { $0.type = $1 },
        DocumentKey("netmask", .word, "The mask or prefix length.") { $0.mask = $1 },
        DocumentKey("prefix", .word, "The prefix length.") { $0.mask = $1 },
        DocumentKey("broadcast", .address, "The address for all.") { $0.broadcast = $1 },
        DocumentKey("pointopoint", .address, "The other end.") { $0.peer = $1 },
        DocumentKey("metric", .integer(0...4_294_967_295), "The weight of its routes.") { $0.metric = $1 },
        DocumentKey("gateway", .address, "The gateway of all that no route takes.") { $0.gateway = $1 },
        DocumentKey("dns_nameservers", .words(of: .address), "Name servers.") { $0.nameservers += $1.map(\.text) },
        DocumentKey("dns_search", .words(of: .domain), "Domains to search.") { $0.domains += $1 },
        DocumentKey("routes", .list(of: NetworkRoute.value, "a route"), "Routes.") { $0.routes += $1 },
        DocumentKey("ipv4", .node, "Ignored.") { _, _ in },
        DocumentKey("ipv6", .node, "Ignored.") { _, _ in },
    ]
}

/// A name server, as version 1 and OpenStack list them.
struct NetworkService {
    var addresses: [String] = []
    var domains: [String] = []
    var link: String?

    static let table = DocumentTable<NetworkService>(
        "a name server", emptyIsAbsent: true,
        [
            DocumentKey("type", .choiceOf(["dns", "nameserver"]), "What it is.") { _, _ in },
            DocumentKey("address", .words(of: .address), "Addresses.") { $0.addresses += $1.map(\.text) },
            DocumentKey("search", .words(of: .domain), "Domains to search.") { $0.domains += $1 },
            DocumentKey("interface", .linkID, "The interface it is for.") { $0.link = $1 },
        ])

    static let value = DocumentValue<NetworkService>.table(table, from: NetworkService())
}

extension DocumentValue where Value == String {
    /// One of some words.
    static func choiceOf(_ words: [String]) -> Self {
        Self(.choice(words)) { (node, name) throws(DocumentError) in
            try node.choice(name, words) { words.contains($0) ? $0 : nil }
        }
    }
}
