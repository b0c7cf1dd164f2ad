/// An address of IPv4 or IPv6 as text that has been checked.
package struct IPAddress: Equatable, Sendable {
    /// Four or sixteen bytes.
    package let bytes: [UInt8]
    /// As written, with small letters.
    package let text: String

    /// Reads `192.0.2.1` or `2001:db8::1`; nil for anything else, also with a zone or a port.
    package init?(_ text: String) {
        guard let bytes = text.contains(":") ? Self.six(text) : Self.four(text) else { return nil }
        self.bytes = bytes
        // What was accepted has letters of ASCII alone.
        self.text = text.lowercased()
    }

    /// Takes the bytes of an address; nil when they are neither four nor sixteen.
    package init?(bytes: [UInt8]) {
        guard [4, 16].contains(bytes.count) else { return nil }
        self.bytes = bytes
        text = bytes.count == 4 ? bytes.map { String($0) }.joined(separator: ".") : Self.text(ofSix: bytes)
    }

    /// Compares the bytes: an address of IPv6 can be written in more than one way.
    package static func == (one: IPAddress, other: IPAddress) -> Bool { one.bytes == other.bytes }

    /// Whether it is one of IPv6.
    package var isSix: Bool { bytes.count == 16 }

    /// Whether it means something on its own link alone, and no router passes it on.
    package var isLinkLocal: Bool {
        isSix ? bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 : bytes[0] == 169 && bytes[1] == 254
    }

    /// In groups, the first of the longest runs of two or more zeros as `::` (RFC 5952).
    private static func text(ofSix bytes: [UInt8]) -> String {
        let groups = (0..<8).map { UInt16(bytes[2 * $0]) << 8 | UInt16(bytes[2 * $0 + 1]) }
        var longest = 0..<0
        for start in groups.indices {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.endIndex
            if end - start > max(1, longest.count) { longest = start..<end }
        }
        let words = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        if longest.isEmpty { return words(groups[...]) }
        return "\(words(groups[..<longest.lowerBound]))::\(words(groups[longest.upperBound...]))"
    }

    private static func four(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } && (part == "0" || part.first != "0")
                ? UInt8(part) : nil
        }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    private static func six(_ text: String) -> [UInt8]? {
        guard let gap = gap(of: text) else {
            guard let bytes = groups(text[...]), bytes.count == 16 else { return nil }
            return bytes
        }
        guard !text[..<gap].contains("."), let head = groups(text[..<gap]),
            let tail = groups(text[text.index(gap, offsetBy: 2)...]),
            head.count + tail.count <= 14
        else { return nil }
        return head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// Where `::` is.
    private static func gap(of text: String) -> String.Index? {
        text.indices.first { index in text[index...].hasPrefix("::") }
    }

    private static func groups(_ text: Substring) -> [UInt8]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if part.contains(".") {
                guard index == parts.count - 1, let four = four(part) else { return nil }
                bytes += four
            } else {
                guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit), part.utf8.count == part.count,
                    let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }
}

/// An address with the length of its network's prefix.
package struct IPNetwork: Equatable, Sendable {
    /// The address, not that of the network.
    package let address: IPAddress
    /// Bits of the prefix.
    package let prefix: Int

    /// `192.0.2.1/24`.
    package var text: String { "\(address.text)/\(prefix)" }

    /// Joins an address and a number of bits; nil when the address has not so many.
    package init?(_ address: IPAddress, prefix: Int) {
        guard (0...address.bytes.count * 8).contains(prefix) else { return nil }
        (self.address, self.prefix) = (address, prefix)
    }

    /// Reads `ADDRESS` or `ADDRESS/PREFIX`, where the prefix may be a mask; `mask` counts when there is none.
    package init?(_ text: String, mask: String? = nil, standard: (IPAddress) -> Int) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let address = parts.first.flatMap({ IPAddress($0) }) else { return nil }
        let bits = address.bytes.count * 8
        guard let written = parts.count == 2 ? parts[1] : mask else {
            self.address = address
            prefix = standard(address)
            return
        }
        guard let prefix = Self.prefix(written), (0...bits).contains(prefix) else { return nil }
        self.address = address
        self.prefix = prefix
    }

    /// Whether an address is in the same network.
    package func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        for bit in 0..<prefix {
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            guard other.bytes[bit / 8] & mask == address.bytes[bit / 8] & mask else { return false }
        }
        return true
    }

    /// The length of a prefix that is written as a number or as a mask of ones followed by zeros.
    private static func prefix(_ text: String) -> Int? {
        if text.utf8.count <= 3, !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int(text)
        }
        guard let mask = IPAddress(text) else { return nil }
        var ones = 0
        var isOver = false
        for byte in mask.bytes {
            for shift in (0..<8).reversed() {
                let isSet = byte >> UInt8(shift) & 1 == 1
                if isSet && isOver { return nil }
                if isSet { ones += 1 } else { isOver = true }
            }
        }
        return ones
    }
}
