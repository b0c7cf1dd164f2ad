import DocumentTree
import NetworkModel

/// Gathers links from a document, and remarks about what cannot be used.
struct NetworkReader {
    /// More remarks than these nobody reads.
    static let remarkLimit = 100
    /// More interfaces than these no machine has.
    static let linkLimit = 256
    /// Longer lists of one interface are cut.
    static let listLimit = 256

    private(set) var links: [NetworkLink] = []
    private(set) var remarks: [DocumentError] = []
    /// Name servers and domains for every interface.
    var nameservers: [String] = []
    var domains: [String] = []
    /// Routes that do not say which interface they are for.
    var looseRoutes: [(route: NetworkRoute, mark: DocumentMark)] = []
    /// Name servers for one interface, by its name.
    var ownNameservers: [(link: String, addresses: [String], domains: [String], mark: DocumentMark)] = []

    mutating func remark(_ mark: DocumentMark, _ reason: String) {
        if remarks.count < Self.remarkLimit { remarks.append(DocumentError(at: mark, reason)) }
        if remarks.count == Self.remarkLimit { remarks.append(DocumentError(at: mark, "there are further remarks")) }
    }

    /// Does what may fail for one value alone.
    mutating func attempt(_ body: (inout NetworkReader) throws(DocumentError) -> Void) {
        do throws(DocumentError) { try body(&self) } catch { remark(error.mark, error.reason) }
    }

    /// Takes a mapping over, key by key and element by element: what is wrong is a remark, and the rest counts.
    mutating func read<Root>(_ node: DocumentNode, _ table: DocumentTable<Root>, into root: inout Root) {
        do throws(DocumentError) {
            for pair in try node.pairs(table.name) {
                let shape = table.entries.first { $0.name == pair.key }?.shape
                for piece in Self.pieces(of: pair, shape) { read(piece, node.mark, table, into: &root) }
            }
        } catch { remark(error.mark, error.reason) }
    }

    private mutating func read<Root>(
        _ piece: DocumentPair, _ mark: DocumentMark, _ table: DocumentTable<Root>, into root: inout Root
    ) {
        do throws(DocumentError) {
            try table.read(DocumentNode(.mapping([piece]), at: mark), into: &root)
        } catch { remark(error.mark, error.reason) }
    }

    /// A pair as pairs that have one value each.
    private static func pieces(of pair: DocumentPair, _ shape: DocumentShape?) -> [DocumentPair] {
        let contents: [DocumentNode.Content]
        switch (pair.value.content, shape) {
        case (.mapping(let inner), .table(let entries)?) where !inner.isEmpty:
            contents = inner.flatMap { one in
                pieces(of: one, entries.first { $0.name == one.key }?.shape).map { .mapping([$0]) }
            }
        case (.sequence(let elements), .list?) where !elements.isEmpty: contents = elements.map { .sequence([$0]) }
        default: return [pair]
        }
        return contents.map {
            DocumentPair(key: pair.key, mark: pair.mark, value: DocumentNode($0, at: pair.value.mark))
        }
    }

    /// Adds a link; a second one of the same id is left out.
    mutating func add(_ link: NetworkLink) {
        guard links.count < Self.linkLimit else { return remark(link.mark, "there are too many interfaces") }
        guard !links.contains(where: { $0.id == link.id }) else {
            return remark(link.mark, "'\(link.id)' is described twice; the second is left out")
        }
        var link = link
        cap(&link)
        links.append(link)
    }

    /// Keeps lists to what a machine can have, so that no document makes the rest take long.
    private mutating func cap(_ link: inout NetworkLink) {
        link.nameservers = capped(link.nameservers, link.mark)
        link.domains = capped(link.domains, link.mark)
        link.members = capped(link.members, link.mark)
        link.memberLines = capped(link.memberLines, link.mark)
        link.addresses = capped(link.addresses, link.mark)
        link.routes = capped(link.routes, link.mark)
        link.lines = capped(link.lines, link.mark)
        link.deviceLines = capped(link.deviceLines, link.mark)
    }

    /// Cuts a list, and says so.
    mutating func capped<Element>(_ list: [Element], _ mark: DocumentMark) -> [Element] {
        guard list.count > Self.listLimit else { return list }
        remark(mark, "a list is longer than \(Self.listLimit); the rest is left out")
        return Array(list.prefix(Self.listLimit))
    }

    /// Changes the link of an id; an Ethernet interface that nobody described is taken by its name.
    mutating func change(_ id: String, from mark: DocumentMark, _ body: (inout NetworkLink) -> Void) {
        if !links.contains(where: { $0.id == id }) {
            guard InterfaceName.isName(id) else { return remark(mark, "there is no interface '\(id)'") }
            remark(mark, "'\(id)' is not described; the interface of that name is taken")
            var link = NetworkLink(id: id, kind: .ethernet, mark: mark)
            link.names = [id]
            add(link)
        }
        if let index = links.firstIndex(where: { $0.id == id }) { body(&links[index]) }
    }

    /// Lets what was said about all interfaces, or about others, count where it belongs.
    mutating func finish() {
        joinMembers()
        let used = Set(links.flatMap(\.members))
        for index in links.indices { dropImpossible(index, isMember: used.contains(links[index].id)) }
        spreadNameservers(besides: used)
        let mark = DocumentMark(line: 1, column: 1)
        for (route, mark) in capped(looseRoutes, mark) { place(route, mark) }
        for index in links.indices {
            var link = links[index]
            cap(&link)
            links[index] = link
        }
    }

    private mutating func spreadNameservers(besides members: Set<String>) {
        let mark = DocumentMark(line: 1, column: 1)
        let (servers, searched) = (capped(nameservers, mark), capped(domains, mark))
        for index in links.indices where !members.contains(links[index].id) {
            links[index].nameservers += servers
            links[index].domains += searched
        }
        for own in capped(ownNameservers, mark) {
            change(own.link, from: own.mark) {
                $0.nameservers += own.addresses
                $0.domains += own.domains
            }
        }
    }

    /// Leaves out what systemd-networkd would only complain about.
    private mutating func dropImpossible(_ index: Int, isMember: Bool) {
        let mark = links[index].mark
        let lacksLinkLocal = links[index].linkLocal.map { !$0.contains("ipv6") } ?? isMember
        if links[index].usesDHCP6, lacksLinkLocal {
            links[index].usesDHCP6 = false
            remark(mark, "DHCPv6 needs a link-local address, and '\(links[index].id)' gets none; it is left out")
        }
        for place in links[index].addresses.indices where links[index].addresses[place].network.address.isSix {
            let lines = links[index].addresses[place].lines
            links[index].addresses[place].lines.removeAll { $0.key == "Label" }
            if links[index].addresses[place].lines != lines {
                remark(mark, "an address of IPv6 has no label; it is left out")
            }
        }
    }

    private mutating func joinMembers() {
        for link in links {
            for member in link.members {
                let key = link.kind == .bond ? "Bond" : "Bridge"
                change(member, from: link.mark) { $0.add("Network", key, link.id) }
                if link.primary == member {
                    change(member, from: link.mark) { $0.add("Network", "PrimarySlave", "yes") }
                }
                for (name, line) in link.memberLines where name == member {
                    change(member, from: link.mark) { $0.lines.append(line) }
                }
            }
            for (name, _) in link.memberLines where !link.members.contains(name) {
                remark(link.mark, "'\(name)' is no member of '\(link.id)', so its settings are left out")
            }
            if let parent = link.parent { change(parent, from: link.mark) { $0.add("Network", "VLAN", link.id) } }
        }
    }

    /// A route belongs to the interface from whose network its gateway is reached.
    private mutating func place(_ route: NetworkRoute, _ mark: DocumentMark) {
        let index = links.firstIndex { link in
            route.gateway.map { gateway in link.addresses.contains { $0.network.contains(gateway) } } ?? false
        }
        guard let index = index ?? (links.count == 1 ? 0 : nil) else {
            return remark(mark, "no interface has an address in the network of the route's gateway; it is left out")
        }
        links[index].routes.append(route)
    }
}
