package import NetworkModel
package import SystemPackage

/// What setting an interface is planned from.
package struct NetworkFacts: Equatable, Sendable {
    /// What manages interfaces, or asks for addresses, when it is told to.
    package enum Client: String, CaseIterable, Sendable {
        /// ISC's.
        case dhclient
        /// BusyBox's.
        case udhcpc
        /// Roy Marples'.
        case dhcpcd
    }

    /// Where programs read the name servers.
    package enum Resolver: Equatable, Sendable {
        /// From a file of their own that nothing leads away from.
        case file
        /// From where a link leads.
        case link(FilePath)
        /// From nowhere yet.
        case missing
    }

    /// All interfaces.
    package var interfaces: [NetworkInterface]
    /// Whether systemd-networkd runs.
    package var runsNetworkd = false
    /// Whether systemd-networkd is there.
    package var hasNetworkd = false
    /// Whether NetworkManager runs.
    package var runsNetworkManager = false
    /// Whether systemd-resolved runs.
    package var runsResolved = false
    /// Whether there is a message bus, which the tools of systemd ask through.
    package var hasBus = false
    /// The programs that ask for addresses.
    package var clients: [Client] = []
    /// Files with the numbers of such programs that run for an interface, by its name.
    package var running: [String: [FilePath]] = [:]
    /// Where programs read the name servers.
    package var resolver = Resolver.missing

    /// Starts with the interfaces alone.
    package init(_ interfaces: [NetworkInterface]) { self.interfaces = interfaces }
}

/// Reads what `systemctl is-active` says of several units: a word each, in the order in which they were named.
package enum ServiceStates {
    /// Which of the units run, or are about to.
    package static func running(_ units: [String], _ output: [UInt8]) -> Set<String> {
        let words = output.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
        return Set(zip(units, words).filter { ["active", "activating", "reloading"].contains($1) }.map(\.0))
    }
}
