/// Where a server listens.
package struct ListenAddress: Equatable, Sendable, CustomStringConvertible {
    /// Where boatyard listens unless it is told otherwise: where only this machine reaches it, on the port that other
    /// registries have, too.
    package static let standard = ListenAddress(host: "127.0.0.1", port: 5_000)

    /// An address, or the name of one; IPv6 without brackets.
    package let host: String
    /// The port; 0 for any that is free.
    package let port: Int

    /// States an address.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `ADDRESS:PORT`, an IPv6 address in brackets; nil for anything else.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !Self.foreign.contains($0) }) else {
            return nil
        }
        self.init(host: String(host), port: Int(port))
    }

    private static let foreign = Array("/@[]?#".utf8)

    /// Whether only this machine reaches it (RFC 1122 3.2.1.3, RFC 4291 2.5.3).
    package var isLoopback: Bool {
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        let isOfLoopback = numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
        return isOfLoopback || host == "::1" || host == "localhost"
    }

    /// `ADDRESS:PORT`, as in a web address.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
