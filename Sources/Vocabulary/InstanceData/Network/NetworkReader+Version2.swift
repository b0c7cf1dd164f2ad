import DocumentTree

// `network-config` of version 2, which is netplan's language.

extension NetworkReader {
    /// Kinds of interfaces that are read, by their key.
    private static let kinds: [String: NetworkLink.Kind] = [
        "ethernets": .ethernet, "bonds": .bond, "bridges": .bridge, "vlans": .vlan,
    ]
    /// Kinds that are known and not supported.
    private static let refused = [
        "wifis", "modems", "tunnels", "vrfs", "openvswitch", "dummy-devices", "virtual-ethernets", "nm-devices",
    ]

    mutating func readVersion2(_ root: DocumentNode) throws(DocumentError) {
        for pair in try root.pairs("the configuration") {
            if let kind = Self.kinds[pair.key] {
                attempt { (reader) throws(DocumentError) in try reader.readLinks(pair, kind) }
            } else if Self.refused.contains(pair.key) {
                remark(pair.mark, "'\(pair.key)' is not supported, and is left out")
            } else if pair.key == "renderer" {
                readRenderer(pair.value)
            } else if pair.key != "version" {
                remark(pair.mark, pair.unknown(["version", "renderer"] + Self.kinds.keys.sorted()).reason)
            }
        }
    }

    private mutating func readRenderer(_ node: DocumentNode) {
        guard let text = node.plainText, text != "networkd" else { return }
        remark(node.mark, "renderer '\(text)' is not supported; systemd-networkd is used")
    }

    private mutating func readLinks(_ kind: DocumentPair, _ made: NetworkLink.Kind) throws(DocumentError) {
        for pair in try kind.value.pairs(kind.key) {
            let fits = made == .ethernet ? InterfaceName.isID(pair.key) : InterfaceName.isName(pair.key)
            guard fits else {
                remark(pair.mark, "'\(pair.key.prefix(80))' can be no name here; it is left out")
                continue
            }
            readLink(pair, made)
        }
    }

    private mutating func readLink(_ pair: DocumentPair, _ kind: NetworkLink.Kind) {
        var described = DescribedLink(link: NetworkLink(id: pair.key, kind: kind, mark: pair.mark))
        read(pair.value, DescribedLink.tables[kind] ?? DescribedLink.ethernet, into: &described)
        if let renderer = described.renderer { readRenderer(renderer) }
        var link = described.link
        if let parameters = described.parameters { readParameters(parameters, of: &link) }
        if kind == .ethernet, link.macAddress == nil, link.names.isEmpty, link.drivers.isEmpty {
            guard InterfaceName.isName(link.id) else {
                return remark(pair.mark, "'\(pair.key)' is no name of an interface and has no match; it is left out")
            }
            link.names = [link.id]
        }
        guard kind != .vlan || (link.tag != nil && link.parent != nil) else {
            return remark(pair.mark, "the VLAN '\(pair.key)' needs id and link, and is left out")
        }
        add(link)
    }
}
