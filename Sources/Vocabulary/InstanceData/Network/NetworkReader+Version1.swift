import DocumentTree

// `network-config` of version 1: a list of items with a type each.

/// One item of the list, whatever it is.
private struct Item {
    var link: NetworkLink
    var subnets: [DocumentNode] = []
    var parameters: DocumentNode?

    static let shared: [DocumentKey<Item>] = [
        DocumentKey("type", .word, "What it is.") { _, _ in },
        DocumentKey("name", .interface, "The name.") { $0.link.id = $1 },
        DocumentKey("mac_address", .hardware, "The hardware address.") { $0.link.macAddress = $1 },
        DocumentKey("mtu", .integer(68...65_535), "The largest packet.") { $0.link.add("Link", "MTUBytes", "\($1)") },
        DocumentKey("accept-ra", .flag, "Whether routers are heard.") { $0.link.takesAdvertisements = $1 },
        DocumentKey("wakeonlan", .flag, "Whether a packet wakes it.") { $0.link.isWoken = $1 },
        DocumentKey("keep_configuration", .flag, "Whether it stays set up.") {
            $0.link.add("Network", "KeepConfiguration", $1 ? "yes" : "no")
        },
        DocumentKey("subnets", .list(of: .node, "a subnet"), "Its addresses.") { $0.subnets += $1 },
    ]

    /// The tables by type, and what each type makes.
    static let kinds: [String: (kind: NetworkLink.Kind, table: DocumentTable<Item>)] = [
        "physical": (.ethernet, DocumentTable("an interface", emptyIsAbsent: true, shared)),
        "bond": (.bond, DocumentTable("a bond", emptyIsAbsent: true, shared + group("bond_interfaces"))),
        "bridge": (.bridge, DocumentTable("a bridge", emptyIsAbsent: true, shared + group("bridge_interfaces"))),
        "vlan": (
            .vlan,
            DocumentTable(
                "a VLAN", emptyIsAbsent: true,
                shared + [
                    DocumentKey("vlan_id", .integer(0...4094), "The number.") { $0.link.tag = $1 },
                    DocumentKey("vlan_link", .linkID, "The interface below.") { $0.link.parent = $1 },
                ])
        ),
    ]

    private static func group(_ members: String) -> [DocumentKey<Item>] {
        [
            DocumentKey(members, .words(of: .linkID), "What it consists of.") { $0.link.members += $1 },
            DocumentKey("params", .node, "How it works.") { $0.parameters = $1 },
        ]
    }
}

extension NetworkReader {
    mutating func readVersion1(_ root: DocumentNode) throws(DocumentError) {
        for case let pair in try root.pairs("the configuration") where pair.key != "version" && pair.key != "config" {
            remark(pair.mark, pair.unknown(["version", "config"]).reason)
        }
        for item in try (root["config"] ?? DocumentNode(.sequence([]), at: root.mark)).elements("config") {
            attempt { (reader) throws(DocumentError) in try reader.readItem(item) }
        }
    }

    private mutating func readItem(_ node: DocumentNode) throws(DocumentError) {
        let type = node["type"]?.plainText ?? ""
        switch type {
        case "nameserver": readNameserver(node)
        case "route":
            let pairs = try node.pairs("a route").filter { $0.key != "type" }
            let route = try NetworkRoute.value.read(DocumentNode(.mapping(pairs), at: node.mark), "a route")
            looseRoutes.append((route, node.mark))
        default:
            guard let (kind, table) = Item.kinds[type] else {
                throw DocumentError(at: node.mark, "an item of type '\(type)' is not supported, and is left out")
            }
            readInterface(node, kind, table)
        }
    }

    private mutating func readNameserver(_ node: DocumentNode) {
        var server = NetworkService()
        read(node, NetworkService.table, into: &server)
        if let link = server.link {
            ownNameservers.append((link, server.addresses, server.domains, node.mark))
        } else {
            nameservers += server.addresses
            domains += server.domains
        }
    }

    private mutating func readInterface(_ node: DocumentNode, _ kind: NetworkLink.Kind, _ table: DocumentTable<Item>) {
        var item = Item(link: NetworkLink(id: "", kind: kind, mark: node.mark))
        read(node, table, into: &item)
        var link = item.link
        guard !link.id.isEmpty else { return remark(node.mark, "\(table.name) needs a name, and is left out") }
        if let parameters = item.parameters { readParameters(parameters, of: &link) }
        for node in item.subnets {
            var subnet = NetworkSubnet()
            read(node, NetworkSubnet.version1, into: &subnet)
            attempt { (_) throws(DocumentError) in try subnet.apply(to: &link, at: node.mark) }
        }
        if kind == .ethernet { nameByHardware(&link) } else { link.newAddress = link.macAddress }
        guard kind != .vlan || (link.tag != nil && link.parent != nil) else {
            return remark(node.mark, "a VLAN needs vlan_id and vlan_link, and is left out")
        }
        add(link)
    }

    /// With a hardware address, the name is the one that the interface is to get.
    private func nameByHardware(_ link: inout NetworkLink) {
        if link.macAddress != nil { link.newName = link.id } else { link.names = [link.id] }
    }
}
