import DocumentTree
import NetworkModel

/// A link of version 2 while it is read.
struct DescribedLink {
    var link: NetworkLink
    var parameters: DocumentNode?
    var renderer: DocumentNode?

    static let ethernet = DocumentTable<DescribedLink>("an interface", emptyIsAbsent: true, shared + hardware)

    /// The tables by kind.
    static let tables: [NetworkLink.Kind: DocumentTable<DescribedLink>] = [
        .ethernet: ethernet,
        .bond: DocumentTable("a bond", emptyIsAbsent: true, shared + group),
        .bridge: DocumentTable("a bridge", emptyIsAbsent: true, shared + group),
        .vlan: DocumentTable("a VLAN", emptyIsAbsent: true, shared + tagged),
    ]

    private static let hardware: [DocumentKey<DescribedLink>] = [
        DocumentKey(
            "match",
            [
                DocumentKey("macaddress", .hardware, "The hardware address.") { $0.link.macAddress = $1 },
                DocumentKey("name", .pattern, "The name that the kernel gave.") { $0.link.names.append($1) },
                DocumentKey("driver", .words(of: .pattern), "The driver.") { $0.link.drivers += $1 },
            ], "By what the interface is known."),
        DocumentKey("set-name", .interface, "The name that it gets.") { $0.link.newName = $1 },
        DocumentKey("wakeonlan", .flag, "Whether a packet wakes it.") { $0.link.isWoken = $1 },
    ]

    private static let group: [DocumentKey<DescribedLink>] = [
        DocumentKey("interfaces", .words(of: .linkID), "What it consists of.") { $0.link.members += $1 },
        DocumentKey("parameters", .node, "How it works.") { $0.parameters = $1 },
    ]

    private static let tagged: [DocumentKey<DescribedLink>] = [
        DocumentKey("id", .integer(0...4094), "The number.") { $0.link.tag = $1 },
        DocumentKey("link", .linkID, "The interface below.") { $0.link.parent = $1 },
    ]

    private static let shared: [DocumentKey<DescribedLink>] = common + addressing + settings

    private static let settings: [DocumentKey<DescribedLink>] = NetworkSetting.interface.flatMap { $0.keys(take) }
    private static let overrides4: [DocumentKey<DescribedLink>] = NetworkSetting.dhcp4.flatMap { $0.keys(take) }
    private static let overrides6: [DocumentKey<DescribedLink>] = NetworkSetting.dhcp6.flatMap { $0.keys(take) }

    private static let servers: [DocumentKey<DescribedLink>] = [
        DocumentKey("addresses", .words(of: .address), "Addresses.") { $0.link.nameservers += $1.map(\.text) },
        DocumentKey("search", .words(of: .domain), "Domains to search.") { $0.link.domains += $1 },
    ]

    private static let common: [DocumentKey<DescribedLink>] = [
        DocumentKey("renderer", .node, "Only `networkd`.") { $0.renderer = $1 },
        DocumentKey("dhcp4", .flag, "Whether IPv4 comes by DHCP.") { $0.link.usesDHCP4 = $1 },
        DocumentKey("dhcp6", .flag, "Whether IPv6 comes by DHCP.") { $0.link.usesDHCP6 = $1 },
        DocumentKey("dhcp4-overrides", overrides4, "What of DHCP counts."),
        DocumentKey("dhcp6-overrides", overrides6, "What of DHCP counts."),
        DocumentKey("accept-ra", .flag, "Whether routers are heard.") { $0.link.takesAdvertisements = $1 },
    ]

    private static let addressing: [DocumentKey<DescribedLink>] = [
        DocumentKey("addresses", .list(of: .assigned, "an address"), "Addresses.") { $0.link.addresses += $1 },
        DocumentKey("gateway4", .gateway(isSix: false), "The gateway of IPv4.") { $0.link.routes.append($1) },
        DocumentKey("gateway6", .gateway(isSix: true), "The gateway of IPv6.") { $0.link.routes.append($1) },
        DocumentKey("nameservers", servers, "Name servers."),
        DocumentKey("macaddress", .hardware, "The hardware address that it gets.") { $0.link.newAddress = $1 },
        DocumentKey("routes", .list(of: NetworkRoute.value, "a route"), "Routes.") { $0.link.routes += $1 },
        DocumentKey("link-local", .words(of: .choiceOf(["ipv4", "ipv6"])), "Which addresses it makes up.") {
            $0.link.linkLocal = ($0.link.linkLocal ?? []) + $1
        },
        DocumentKey("optional", .flag, "Whether the boot does not wait for it.") {
            if $1 { $0.link.add("Link", "RequiredForOnline", "no") }
        },
    ]

    @Sendable private static func take(_ described: inout DescribedLink, _ line: NetworkLine) {
        described.link.lines.append(line)
    }
}

extension DocumentValue where Value == NetworkAddress {
    /// `ADDRESS/PREFIX`, or a mapping of that to a label and a lifetime.
    static var assigned: Self {
        Self(.text("an address with a prefix length")) { (node, name) throws(DocumentError) in
            guard case .mapping(let pairs) = node.content, let pair = pairs.first, pairs.count == 1 else {
                return NetworkAddress(network: try network(try node.text(name), at: node.mark))
            }
            var address = NetworkAddress(network: try network(pair.key, at: pair.mark))
            try options.read(pair.value, into: &address)
            return address
        }
    }

    private static func network(_ text: String, at mark: DocumentMark) throws(DocumentError) -> IPNetwork {
        let slash = text.contains("/")
        guard slash, let network = IPNetwork(text, standard: { $0.bytes.count * 8 }) else {
            throw DocumentError(
                at: mark, "'\(text.prefix(80))' is no address with a prefix length such as 192.0.2.7/24")
        }
        return network
    }

    private static var options: DocumentTable<NetworkAddress> {
        let settings = [
            NetworkSetting("label", "Address", "Label", .label),
            NetworkSetting("lifetime", "Address", "PreferredLifetime", .word(["0", "forever"])),
        ]
        return DocumentTable("an address", emptyIsAbsent: true, settings.flatMap { $0.keys { $0.lines.append($1) } })
    }
}

extension DocumentValue where Value == NetworkRoute {
    /// A gateway of all that no other route takes.
    static func gateway(isSix: Bool) -> Self {
        Self(.text("an address")) { (node, name) throws(DocumentError) in
            let address = try DocumentValue<IPAddress>.address.read(node, name)
            guard address.isSix == isSix else {
                throw DocumentError(at: node.mark, "\(name) must be an address of IPv\(isSix ? 6 : 4)")
            }
            var route = NetworkRoute()
            route.gateway = address
            return route
        }
    }
}
