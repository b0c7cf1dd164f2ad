/// Holds a SHA-256 digest by value, without heap storage, so that an index of 100,000 chunks stays small.
package struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// Number of bytes.
    package static let length = 32

    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// Takes exactly 32 bytes; nil for any other number.
    package init?(bytes: some Collection<UInt8>) { self.init(bytes: Array(bytes)) }

    /// Takes exactly 32 bytes; nil for any other number.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            switch index / 8 {
            case 0: words.0 = words.0 << 8 | UInt64(byte)
            case 1: words.1 = words.1 << 8 | UInt64(byte)
            case 2: words.2 = words.2 << 8 | UInt64(byte)
            default: words.3 = words.3 << 8 | UInt64(byte)
            }
        }
        (first, second, third, fourth) = words
    }

    /// Takes exactly 64 lower-case hexadecimal digits; nil for anything else, so that a digest has one spelling.
    package init?(hex: String) {
        guard let bytes = Hexadecimal.bytes(of: hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.length)
        for word in [first, second, third, fourth] {
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return bytes
    }

    /// The 64 hexadecimal digits, lower case.
    package var hex: String { Hexadecimal.text(of: bytes) }

    /// The same as `hex`.
    package var description: String { hex }
}

extension ImageID {
    /// Takes the id from the digest of `manifest.json`.
    package init(manifestDigest: Digest) {
        self.init(digits: String(manifestDigest.hex.prefix(Self.length)))
    }
}

extension Digest {
    /// The digest as registries spell it: `sha256:` and 64 digits.
    package var registryText: String { "sha256:\(hex)" }

    /// Reads `sha256:` and 64 lower-case digits; nil for anything else, other algorithms included.
    package init?(registryText text: String) {
        guard text.hasPrefix("sha256:") else { return nil }
        self.init(hex: String(text.dropFirst(7)))
    }
}

/// Converts bytes to lower-case hexadecimal digits and back.
package enum Hexadecimal {
    /// Writes two lower-case digits a byte.
    package static func text(of bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads pairs of lower-case digits; nil for an odd number and for any other character, upper case included.
    package static func bytes(of text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(of: digits[index]), let low = value(of: digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
