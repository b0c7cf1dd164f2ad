extension PatternParser {
    /// Reads a bracket expression after its opening bracket; classes and names in it are left to grep.
    mutating func bracket() throws(ShellOnly) -> ASCIISet {
        var set = ASCIISet()
        let isNegated = next == UInt8(ascii: "^")
        if isNegated { position += 1 }
        let start = position
        // GNU refuses `[:space:]` and the like.
        guard next != UInt8(ascii: ":") else { throw ShellOnly() }
        while let byte = next {
            position += 1
            if byte == UInt8(ascii: "]"), position - 1 > start {
                if isNegated { set.invert() }
                return set
            }
            try addElement(byte, to: &set)
        }
        throw ShellOnly()
    }

    private mutating func addElement(_ byte: UInt8, to set: inout ASCIISet) throws(ShellOnly) {
        if byte == UInt8(ascii: "["), let next,
            [UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "=")].contains(next)
        {
            throw ShellOnly()
        }
        guard next == UInt8(ascii: "-"), position + 1 < bytes.count, bytes[position + 1] != UInt8(ascii: "]") else {
            return set.insert(byte, ignoringCase: ignoresCase)
        }
        let last = bytes[position + 1]
        position += 2
        guard last >= byte, Self.haveOneOrder(byte, last) else { throw ShellOnly() }
        for member in byte...last { set.insert(member, ignoringCase: ignoresCase) }
    }

    /// Whether every locale agrees on what lies between two bytes.
    private static func haveOneOrder(_ first: UInt8, _ last: UInt8) -> Bool {
        let ranges: [ClosedRange<UInt8>] = [0x30...0x39, 0x41...0x5A, 0x61...0x7A]
        return ranges.contains { $0.contains(first) && $0.contains(last) }
    }
}

/// A set of ASCII characters.
struct ASCIISet: Equatable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    mutating func insert(_ byte: UInt8, ignoringCase: Bool) {
        insert(byte)
        guard ignoringCase, (0x61...0x7A).contains(SearchPattern.lowered(byte)) else { return }
        insert(byte ^ 0x20)
    }

    private mutating func insert(_ byte: UInt8) {
        if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte - 64) }
    }

    mutating func invert() { (low, high) = (~low, ~high) }

    func contains(_ byte: UInt8) -> Bool {
        if byte < 64 { return low >> UInt64(byte) & 1 == 1 }
        return byte < 128 && high >> UInt64(byte - 64) & 1 == 1
    }
}
