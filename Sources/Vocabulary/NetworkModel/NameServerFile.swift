/// What `resolv.conf` says (resolv.conf(5)).
package struct NameServerFile: Equatable, Sendable {
    /// The servers in their order.
    package var servers: [String]

    /// Names servers.
    package init(_ servers: [IPAddress]) { self.servers = servers.map(\.text) }

    /// Reads the servers of a file; what else it says is left out.
    package init(parsing bytes: [UInt8]) {
        servers = bytes.split(separator: 0x0A).compactMap { line in
            let words = line.split { $0 == 0x20 || $0 == 0x09 }.map { String(decoding: $0, as: UTF8.self) }
            return words.count >= 2 && words[0] == "nameserver" ? words[1] : nil
        }
    }

    /// Reads the servers in a file of systemd-networkd's about a link (`DNS=` in `/run/systemd/netif/links`).
    package init(ofLink bytes: [UInt8]) {
        let line = bytes.split(separator: 0x0A).first { $0.starts(with: "DNS=".utf8) }
        servers = (line ?? []).dropFirst("DNS=".utf8.count).split(separator: 0x20).compactMap { word in
            // An entry may name an interface, a port or a host besides.
            let text = String(decoding: word, as: UTF8.self)
            return IPAddress(text)?.text
        }
    }

    /// The file, with who wrote it.
    package var bytes: [UInt8] {
        Array(
            "# Written by lifeboot network, for this boot only.\n".utf8
                + servers.flatMap { "nameserver \($0)\n".utf8 })
    }
}
