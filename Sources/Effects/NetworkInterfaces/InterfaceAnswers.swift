import NetworkModel

/// Puts together what the kernel answered about interfaces, their addresses and the default routes.
struct InterfaceAnswers {
    private(set) var interfaces: [NetworkInterface]

    init(links: [RouteMessage], addresses: [RouteMessage], routes: [RouteMessage]) {
        interfaces = links.compactMap { NetworkInterface($0) }
        for message in addresses {
            guard let (index, address) = AssignedAddress.read(message) else { continue }
            change(index) { $0.addresses.append(address) }
        }
        for message in routes {
            guard let (index, gateway) = Self.gateway(message) else { continue }
            change(index) { if !$0.gateways.contains(gateway) { $0.gateways.append(gateway) } }
        }
    }

    private mutating func change(_ index: UInt32, _ body: (inout NetworkInterface) -> Void) {
        for place in interfaces.indices where interfaces[place].index == index { body(&interfaces[place]) }
    }

    /// The router of a default route, and the interface that leads to it; nil for other routes.
    private static func gateway(_ message: RouteMessage) -> (UInt32, IPAddress)? {
        guard message.kind == RouteMessage.Kind.newRoute, message.body.count >= RouteParts.routeLength,
            message.body[1] == 0, message.body[4] == RouteParts.mainTable, message.body[7] == RouteParts.ordinary
        else { return nil }
        let attributes = message.attributes(after: RouteParts.routeLength)
        guard let gateway = attributes[RouteParts.Attribute.gateway].flatMap({ IPAddress(bytes: $0) }),
            let index: UInt32 = attributes[RouteParts.Attribute.outgoing].flatMap({ KernelBytes.read($0, at: 0) })
        else { return nil }
        return (index, gateway)
    }
}

extension NetworkInterface {
    /// Reads what the kernel says of an interface; nil for another message.
    fileprivate init?(_ message: RouteMessage) {
        guard message.kind == RouteMessage.Kind.newLink,
            let index: UInt32 = KernelBytes.read(message.body, at: 4),
            let flags: UInt32 = KernelBytes.read(message.body, at: 8)
        else { return nil }
        let attributes = message.attributes(after: RouteParts.linkLength)
        guard let name = attributes[RouteParts.Attribute.linkName] else { return nil }
        self.init(index: index, name: String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
        isUp = flags & RouteParts.isUp != 0
        isLoopback = flags & RouteParts.isLoopback != 0
        // One that is switched off has none, whatever its driver remembers.
        hasCarrier = isUp && attributes[RouteParts.Attribute.linkCarrier]?.first == 1
        let hardware = attributes[RouteParts.Attribute.linkAddress] ?? []
        if !isLoopback, !hardware.isEmpty { hardwareAddress = hardware.map(Self.twoDigits).joined(separator: ":") }
    }

    private static func twoDigits(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}

extension AssignedAddress {
    /// Reads an address, and the number of its interface; nil for another message.
    fileprivate static func read(_ message: RouteMessage) -> (UInt32, AssignedAddress)? {
        guard message.kind == RouteMessage.Kind.newAddress, message.body.count >= RouteParts.addressLength,
            let index: UInt32 = KernelBytes.read(message.body, at: 4)
        else { return nil }
        let attributes = message.attributes(after: RouteParts.addressLength)
        // On a link between two machines the other attribute is the address of the peer.
        let bytes = attributes[RouteParts.Attribute.localAddress] ?? attributes[RouteParts.Attribute.address]
        guard let address = bytes.flatMap({ IPAddress(bytes: $0) }),
            let network = IPNetwork(address, prefix: Int(message.body[1]))
        else { return nil }
        let flags =
            attributes[RouteParts.Attribute.addressFlags].flatMap { KernelBytes.read($0, at: 0) as UInt32? }
            ?? UInt32(message.body[2])
        return (index, AssignedAddress(network, isLent: flags & RouteParts.isPermanent == 0))
    }
}
