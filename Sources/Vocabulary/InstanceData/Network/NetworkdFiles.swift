import NetworkModel

/// Writes links as files of systemd-networkd and of udev.
struct NetworkdFiles {
    private(set) var files: [NetworkConfiguration.File] = []

    init(_ links: [NetworkLink]) {
        let members = Set(links.flatMap(\.members))
        for link in links {
            if link.kind == .ethernet, link.newName != nil || link.isWoken != nil {
                add(link, "link", Self.hardware(link))
            }
            if link.kind != .ethernet { add(link, "netdev", Self.device(link)) }
            add(link, "network", Self.network(link, isMember: members.contains(link.id)))
        }
    }

    private mutating func add(_ link: NetworkLink, _ suffix: String, _ sections: [NetworkSection]) {
        let text = sections.filter { !$0.lines.isEmpty }.map(\.text).joined(separator: "\n")
        files.append(NetworkConfiguration.File(name: "10-lifeboot-\(link.id).\(suffix)", text: text))
    }

    private static func hardware(_ link: NetworkLink) -> [NetworkSection] {
        var settings = NetworkSection("Link")
        if let name = link.newName {
            settings.add("Name", name)
        } else {
            // One .link file counts for a device, so what systemd's own would have said must be said here.
            settings.add("NamePolicy", "keep kernel database onboard slot path")
            settings.add("AlternativeNamesPolicy", "database onboard slot path")
        }
        settings.add("MACAddressPolicy", "persistent")
        if let isWoken = link.isWoken { settings.add("WakeOnLan", isWoken ? "magic" : "off") }
        return [match(link, forNaming: true), settings]
    }

    private static func device(_ link: NetworkLink) -> [NetworkSection] {
        var device = NetworkSection("NetDev")
        device.add("Name", link.id)
        device.add("Kind", link.kind.rawValue)
        if let address = link.newAddress { device.add("MACAddress", address) }
        var tag = NetworkSection("VLAN")
        if let number = link.tag { tag.add("Id", "\(number)") }
        return [device, tag] + NetworkSection.grouped(link.deviceLines)
    }

    /// The permanent address is asked for, because a bond gives its members another, and VLANs inherit it.
    private static func match(_ link: NetworkLink, forNaming: Bool) -> NetworkSection {
        var match = NetworkSection("Match")
        guard link.kind == .ethernet else {
            match.add("Name", link.id)
            return match
        }
        if let address = link.macAddress { match.add("PermanentMACAddress", address) }
        if !link.drivers.isEmpty { match.add("Driver", link.drivers.joined(separator: " ")) }
        if !link.names.isEmpty {
            let isGone = link.newName != nil && !forNaming
            match.add(
                forNaming ? "OriginalName" : "Name", isGone ? link.newName ?? "" : link.names.joined(separator: " "))
        }
        return match
    }

    private static func network(_ link: NetworkLink, isMember: Bool) -> [NetworkSection] {
        var sections = [match(link, forNaming: false), NetworkSection("Link"), NetworkSection("Network")]
        if link.kind == .ethernet, let address = link.newAddress { sections[1].add("MACAddress", address) }
        addNetwork(link, isMember, to: &sections[2])
        for section in NetworkSection.grouped(link.lines) {
            if let index = sections.firstIndex(where: { $0.name == section.name }) {
                sections[index].lines += section.lines
            } else {
                sections.append(section)
            }
        }
        for address in link.addresses {
            var section = NetworkSection("Address")
            section.add("Address", address.network.text)
            section.lines += address.lines
            sections.append(section)
        }
        for route in link.routes {
            var section = NetworkSection("Route")
            section.lines = route.settings
            sections.append(section)
        }
        return sections
    }

    private static func addNetwork(_ link: NetworkLink, _ isMember: Bool, to section: inout NetworkSection) {
        let ways = ["no", "ipv4", "ipv6", "yes"]
        section.add("DHCP", ways[(link.usesDHCP4 ? 1 : 0) + (link.usesDHCP6 ? 2 : 0)])
        if let heard = link.takesAdvertisements { section.add("IPv6AcceptRA", heard ? "yes" : "no") }
        let isBare = link.addresses.isEmpty && !link.usesDHCP4 && !link.usesDHCP6
        let kept = link.linkLocal ?? (isMember && isBare ? [] : nil)
        if let kept { section.add("LinkLocalAddressing", word(kept)) }
        for server in unique(link.nameservers) { section.add("DNS", server) }
        if !link.domains.isEmpty { section.add("Domains", unique(link.domains).joined(separator: " ")) }
    }

    private static func word(_ families: [String]) -> String {
        switch (families.contains("ipv4"), families.contains("ipv6")) {
        case (true, true): "yes"
        case (true, false): "ipv4"
        case (false, true): "ipv6"
        case (false, false): "no"
        }
    }

    private static func unique(_ texts: [String]) -> [String] {
        texts.enumerated().filter { texts.firstIndex(of: $0.element) == $0.offset }.map(\.element)
    }
}

/// One section of a file.
struct NetworkSection {
    let name: String
    var lines: [NetworkLine] = []

    init(_ name: String) { self.name = name }

    mutating func add(_ key: String, _ value: String) {
        lines.append(NetworkLine(section: name, key: key, value: value))
    }

    /// The section with its heading; each line ends with a line feed.
    var text: String { "[\(name)]\n" + lines.map { "\($0.key)=\($0.value)\n" }.joined() }

    /// Lines by their sections, in the order in which these first appear; of a key the last value counts.
    static func grouped(_ lines: [NetworkLine]) -> [NetworkSection] {
        var sections: [NetworkSection] = []
        for line in lines {
            let index = sections.firstIndex { $0.name == line.section } ?? sections.count
            if index == sections.count { sections.append(NetworkSection(line.section)) }
            // An interface may carry several VLANs.
            if line.key != "VLAN" { sections[index].lines.removeAll { $0.key == line.key } }
            sections[index].lines.append(line)
        }
        return sections
    }
}
