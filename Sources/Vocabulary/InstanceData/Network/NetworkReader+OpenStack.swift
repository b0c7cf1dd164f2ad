import DocumentTree

// OpenStack's `network_data.json`: links, the networks on them, and services.

/// A link while it is read.
private struct Port {
    var link: NetworkLink
    var type = ""
    var parameters: [DocumentPair] = []

    static let table = DocumentTable<Port>(
        "a link", emptyIsAbsent: true,
        [
            DocumentKey("id", .linkID, "The id.") { $0.link.id = $1 },
            DocumentKey("name", .interface, "The name that it gets.") { $0.link.newName = $1 },
            DocumentKey("type", .word, "What it is.") { $0.type = $1 },
            DocumentKey("mtu", .integer(68...65_535), "The largest packet.") {
                $0.link.add("Link", "MTUBytes", "\($1)")
            },
            DocumentKey("ethernet_mac_address", .hardware, "The hardware address.") { $0.link.macAddress = $1 },
            DocumentKey("vlan_mac_address", .hardware, "The hardware address.") { $0.link.macAddress = $1 },
            DocumentKey("vif_id", .node, "Ignored.") { _, _ in },
            DocumentKey("bond_links", .words(of: .linkID), "What a bond consists of.") { $0.link.members += $1 },
            DocumentKey("vlan_id", .integer(0...4094), "The number.") { $0.link.tag = $1 },
            DocumentKey("vlan_link", .linkID, "The link below.") { $0.link.parent = $1 },
        ])
}

extension NetworkReader {
    mutating func readOpenStack(_ root: DocumentNode) throws(DocumentError) {
        for pair in try root.pairs("the network data") where !["links", "networks", "services"].contains(pair.key) {
            remark(pair.mark, pair.unknown(["links", "networks", "services"]).reason)
        }
        let ports = capped(try root.list("links"), root.mark)
        let nets = capped(try root.list("networks"), root.mark)
        let networks = nets.map { readNetwork($0) }
        var names = LinkNames()
        let links = ports.compactMap { readPort($0, &names) }
        for var link in links {
            // Networks name a link by the id of the document, which is not the name of the interface.
            for (subnet, mark) in networks where subnet.link == names.documented(link.id) {
                attempt { (_) throws(DocumentError) in try subnet.apply(to: &link, at: mark) }
            }
            link.members = link.members.map { names.given($0) }
            link.parent = link.parent.map { names.given($0) }
            add(link)
        }
        for (subnet, mark) in networks where !names.knows(subnet.link) {
            remark(mark, "the network is on no link of the document, and is left out")
        }
        for node in try root.list("services") {
            var service = NetworkService()
            read(node, NetworkService.table, into: &service)
            nameservers += service.addresses
        }
    }

    private mutating func readNetwork(_ node: DocumentNode) -> (NetworkSubnet, DocumentMark) {
        var subnet = NetworkSubnet()
        read(node, NetworkSubnet.openStack, into: &subnet)
        return (subnet, node.mark)
    }

    private mutating func readPort(_ node: DocumentNode, _ names: inout LinkNames) -> NetworkLink? {
        guard case .mapping(let pairs) = node.content else {
            remark(node.mark, "a link must be a mapping")
            return nil
        }
        let isParameter: (DocumentPair) -> Bool = { $0.key.hasPrefix("bond_") && $0.key != "bond_links" }
        var port = Port(link: NetworkLink(id: "", kind: .ethernet, mark: node.mark))
        read(DocumentNode(.mapping(pairs.filter { !isParameter($0) }), at: node.mark), Port.table, into: &port)
        port.parameters = pairs.filter(isParameter)
        return finish(port, node.mark, &names)
    }

    private mutating func finish(_ port: Port, _ mark: DocumentMark, _ names: inout LinkNames) -> NetworkLink? {
        var link = port.link
        guard !link.id.isEmpty, port.type == "bond" || port.type == "vlan" || link.macAddress != nil else {
            remark(mark, "a link needs an id and a hardware address, and is left out")
            return nil
        }
        guard port.type != "vlan" || (link.tag != nil && link.parent != nil) else {
            remark(mark, "a VLAN needs vlan_id and vlan_link, and is left out")
            return nil
        }
        switch port.type {
        case "bond": link.kind = .bond
        case "vlan": link.kind = .vlan
        default: break
        }
        if link.kind != .ethernet {
            link.newAddress = link.macAddress
            link.id = names.give(link.id, link.newName ?? (link.kind == .bond ? "bond" : "vlan\(link.tag ?? 0)"))
        } else {
            names.keep(link.id)
        }
        if !port.parameters.isEmpty {
            readParameters(DocumentNode(.mapping(port.parameters), at: mark), of: &link)
        }
        return link
    }
}

/// Gives names to links that the machine is to make, and remembers which link has which.
private struct LinkNames {
    private var given: [String: String] = [:]
    private var ids: [String: String] = [:]

    mutating func keep(_ id: String) {
        given[id] = id
        ids[id] = id
    }

    /// Gives a link a name that is still free: `bond0`, or `vlan7` and then `vlan7-1`.
    mutating func give(_ id: String, _ wish: String) -> String {
        var name = wish == "bond" ? "bond0" : wish
        var number = 1
        while ids[name] != nil {
            name = wish == "bond" ? "bond\(number)" : "\(wish)-\(number)"
            number += 1
        }
        given[id] = name
        ids[name] = id
        return name
    }

    func given(_ id: String) -> String { given[id] ?? id }
    func documented(_ name: String) -> String { ids[name] ?? name }
    func knows(_ id: String?) -> Bool { id.map { given[$0] != nil } ?? false }
}

extension DocumentNode {
    /// The elements below a key; none without it.
    fileprivate func list(_ key: String) throws(DocumentError) -> [DocumentNode] { try self[key]?.elements(key) ?? [] }
}
