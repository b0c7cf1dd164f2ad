import NetworkModel

/// The fixed parts of messages to the kernel, and whole ones (rtnetlink(7)).
enum RouteParts {
    /// A family of addresses (`AF_…`).
    enum Family: UInt8 {
        case any = 0
        case four = 2
        case six = 10

        static let both: [Family] = [.four, .six]

        init(_ address: IPAddress) { self = address.isSix ? .six : .four }
    }

    /// Numbers of attributes (`IFLA_…`, `IFA_…`, `RTA_…`).
    enum Attribute {
        static let linkAddress: UInt16 = 1
        static let linkName: UInt16 = 3
        static let linkCarrier: UInt16 = 33
        static let address: UInt16 = 1
        static let localAddress: UInt16 = 2
        static let broadcast: UInt16 = 4
        static let addressFlags: UInt16 = 8
        static let destination: UInt16 = 1
        static let outgoing: UInt16 = 4
        static let gateway: UInt16 = 5
        static let table: UInt16 = 15
    }

    /// Bytes of the fixed parts (`ifinfomsg`, `ifaddrmsg`, `rtmsg`).
    static let (linkLength, addressLength, routeLength) = (16, 8, 12)
    /// `IFF_UP` and `IFF_LOOPBACK`.
    static let (isUp, isLoopback): (UInt32, UInt32) = (1, 8)
    /// `IFA_F_PERMANENT`: nobody takes it back by himself.
    static let isPermanent: UInt32 = 0x80
    /// `RT_TABLE_MAIN`, and `RTN_UNICAST`.
    static let (mainTable, ordinary): (UInt8, UInt8) = (254, 1)
    /// `RTPROT_STATIC`: an administrator has said so.
    private static let byHand: UInt8 = 4

    static func link(index: UInt32, isUp: Bool = false) -> [UInt8] {
        [0, 0] + KernelBytes.of(UInt16(0)) + KernelBytes.of(index)
            + KernelBytes.of(isUp ? Self.isUp : 0) + KernelBytes.of(isUp ? Self.isUp : 0)
    }

    static func address(family: Family, prefix: Int = 0, index: UInt32 = 0) -> [UInt8] {
        [family.rawValue, UInt8(prefix), 0, 0] + KernelBytes.of(index)
    }

    /// A route of the main table; without an author it stands for those of every author.
    static func route(family: Family, kind: UInt8, author: UInt8 = 0) -> [UInt8] {
        [family.rawValue, 0, 0, 0, mainTable, author, 0, kind] + KernelBytes.of(UInt32(0))
    }

    /// A message about an address of an interface.
    static func message(
        _ kind: UInt16, _ flags: RouteMessage.Flags, _ network: IPNetwork, _ index: UInt32
    ) -> RouteMessage {
        let fixed = address(family: Family(network.address), prefix: network.prefix, index: index)
        var message = RouteMessage(kind, flags, fixed)
        message.add(Attribute.localAddress, network.address.bytes)
        message.add(Attribute.address, network.address.bytes)
        if kind == RouteMessage.Kind.newAddress, let broadcast = network.broadcast {
            message.add(Attribute.broadcast, broadcast)
        }
        return message
    }

    /// A message about the default route through a router.
    static func message(
        _ kind: UInt16, _ flags: RouteMessage.Flags, _ gateway: IPAddress, _ index: UInt32
    ) -> RouteMessage {
        let author = kind == RouteMessage.Kind.newRoute ? byHand : 0
        var message = RouteMessage(kind, flags, route(family: Family(gateway), kind: ordinary, author: author))
        message.add(Attribute.gateway, gateway.bytes)
        message.add(Attribute.outgoing, KernelBytes.of(index))
        return message
    }
}

extension IPNetwork {
    /// The address of all in a network of IPv4; nil where there is none.
    fileprivate var broadcast: [UInt8]? {
        guard !address.isSix, prefix < 31 else { return nil }
        return address.bytes.enumerated().map { index, byte in
            let bits = min(8, max(0, prefix - index * 8))
            return byte | UInt8(truncatingIfNeeded: 0xFF >> bits)
        }
    }
}
