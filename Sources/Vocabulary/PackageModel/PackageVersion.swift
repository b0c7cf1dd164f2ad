import Faults
import RegistryModel

/// A version in Debian's form: `[epoch:]upstream[-revision]`, without `_`.
package struct PackageVersion: Hashable, Sendable, CustomStringConvertible {
    private static let limit = 64

    /// The text as it was written.
    package let description: String

    /// Reads a version.
    ///
    /// - Throws: `PackageTextError` unless it begins with a digit and has letters, digits, `.`, `+`, `~`, `-` alone, behind at
    ///   most one epoch, a number with a colon (Debian policy, 5.6.12).
    package init(parsing text: String) throws(PackageTextError) {
        guard Self.isVersion(text) else {
            throw PackageTextError(
                .version, "reading the version", text.quoted, cause: "it is not of Debian's form",
                remedy: "Begin with a digit and use letters, digits, '.', '+', '~' and '-', as in 6.1.192-2.")
        }
        description = text
    }

    private static func isVersion(_ text: String) -> Bool {
        guard (1...limit).contains(text.utf8.count) else { return false }
        let parts = text.utf8.split(separator: 0x3A, omittingEmptySubsequences: false)
        guard parts.count <= 2, let last = parts.last, let first = last.first, isDigit(first), last.last != 0x2D else {
            return false
        }
        guard parts.count == 1 || (1...9).contains(parts[0].count) && parts[0].allSatisfy(isDigit) else { return false }
        return last.allSatisfy { isDigit($0) || isLetter($0) || [0x2B, 0x2D, 0x2E, 0x7E].contains($0) }
    }

    /// The epoch (0 without one), the upstream version and the revision (empty without one).
    private var parts: (epoch: Int, upstream: Substring.UTF8View, revision: Substring.UTF8View) {
        let colon = description.utf8.firstIndex(of: 0x3A)
        let epoch = colon.flatMap { Int(description[..<$0]) } ?? 0
        let rest = description[(colon.map(description.utf8.index(after:)) ?? description.startIndex)...]
        guard let dash = rest.utf8.lastIndex(of: 0x2D) else { return (epoch, rest.utf8, rest.suffix(0).utf8) }
        return (epoch, rest[..<dash].utf8, rest[rest.utf8.index(after: dash)...].utf8)
    }

    /// Compares as dpkg does; versions that are written differently may be equal, as 1.0 and 1.00 are.
    ///
    /// - Returns: less than 0 when this one is lower, 0 when both are equal, more than 0 when this one is higher.
    package func compared(to other: PackageVersion) -> Int {
        let (own, its) = (parts, other.parts)
        if own.epoch != its.epoch { return own.epoch < its.epoch ? -1 : 1 }
        let upstream = Self.order(own.upstream, its.upstream)
        return upstream != 0 ? upstream : Self.order(own.revision, its.revision)
    }

    /// The order of one part (deb-version(7)): in turns a text without digits, byte by byte, and a number.
    private static func order(_ one: Substring.UTF8View, _ other: Substring.UTF8View) -> Int {
        var (one, other) = (one, other)
        while !one.isEmpty || !other.isEmpty {
            while (one.first.map { !isDigit($0) } ?? false) || (other.first.map { !isDigit($0) } ?? false) {
                let (left, right) = (weight(one.first), weight(other.first))
                if left != right { return left < right ? -1 : 1 }
                (one, other) = (one.dropFirst(), other.dropFirst())
            }
            let (left, right) = (number(&one), number(&other))
            if left.count != right.count { return left.count < right.count ? -1 : 1 }
            if !left.elementsEqual(right) { return left.lexicographicallyPrecedes(right) ? -1 : 1 }
        }
        return 0
    }

    /// A tilde comes before the end, the end before letters, letters before all else.
    private static func weight(_ byte: UInt8?) -> Int {
        switch byte {
        case .some(0x7E): -1
        case .none: 0
        case .some(let byte) where isDigit(byte): 0
        case .some(let byte): isLetter(byte) ? Int(byte) : Int(byte) + 256
        }
    }

    /// Takes the digits in front away; leading zeros do not count.
    private static func number(_ text: inout Substring.UTF8View) -> Substring.UTF8View {
        let digits = text.prefix(while: isDigit)
        text = text.dropFirst(digits.count)
        return digits.drop { $0 == 0x30 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
}
