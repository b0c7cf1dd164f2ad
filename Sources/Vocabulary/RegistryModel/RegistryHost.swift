/// Names a registry: a host name or address, with a port when it is not the protocol's own.
package struct RegistryHost: Hashable, Sendable, CustomStringConvertible {
    /// The host in lower case; an IPv6 address keeps its brackets.
    package let name: String
    /// The port; nil for 443, or 80 when plain HTTP is allowed.
    package let port: Int?

    /// `host` or `host:port`: also the key of the configuration and of auth files.
    package var description: String { port.map { "\(name):\($0)" } ?? name }

    /// Reads `host[:port]`; nil for anything that is not one (distribution reference grammar: `domain`).
    package init?(_ text: String) {
        guard text.utf8.count <= 255, let end = Self.endOfName(text) else { return nil }
        let name = String(text[..<end]).lowercased()
        guard Self.isAddress(name) || Self.isName(name) else { return nil }
        self.name = name
        let rest = text[end...]
        if rest.isEmpty {
            port = nil
        } else {
            let digits = rest.dropFirst()
            guard rest.first == ":", digits.utf8.allSatisfy(isDigit), let port = Int(digits),
                (1...65_535).contains(port)
            else { return nil }
            self.port = port
        }
    }

    /// Whether the registry is on this machine: `localhost`, 127.0.0.0/8 or ::1 (RFC 6761 6.3, RFC 1122 3.2.1.3).
    ///
    /// Plain HTTP needs no permission there.
    package var isLoopback: Bool {
        if name == "localhost" || name == "[::1]" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127"
            && parts.allSatisfy { part in
                part.utf8.allSatisfy(isDigit) && UInt8(part) != nil
            }
    }

    /// The host that answers the protocol: Docker Hub's has another name than its references.
    package var endpoint: RegistryHost {
        isDockerHub ? RegistryHost("registry-1.docker.io") ?? self : self
    }

    /// Whether this is Docker Hub.
    package var isDockerHub: Bool { ["docker.io", "index.docker.io"].contains(name) && port == nil }

    /// Where the name ends: at the port's colon, after the bracket, or at the end.
    private static func endOfName(_ text: String) -> String.Index? {
        if text.hasPrefix("[") { return text.firstIndex(of: "]").map { text.index(after: $0) } }
        return text.firstIndex(of: ":") ?? text.endIndex
    }

    /// An IPv6 address in brackets, without a zone.
    private static func isAddress(_ text: String) -> Bool {
        guard text.hasPrefix("["), text.hasSuffix("]"), (4...41).contains(text.utf8.count) else { return false }
        let digits = text.dropFirst().dropLast()
        return digits.contains(":") && digits.utf8.allSatisfy { isHexadecimal($0) || $0 == UInt8(ascii: ":") }
    }

    private static func isName(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy { isLowerCase($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
        }
    }
}

func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

func isLowerCase(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

func isUpperCase(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }

private func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}
