/// The path and the query of a request, cut and decoded (RFC 9112 3.2.1, origin form; RFC 3986 2.1 and 3.3).
///
/// No part can lead anywhere else than down: neither `.` nor `..`, no slash or NUL in a part, in whatever spelling.
package struct WebTarget: Equatable, Sendable {
    /// The longest target that is read, in bytes.
    package static let maximumLength = 8_192

    /// The parts of the path, decoded; without the empty one behind a slash at the end.
    package let parts: [String]
    /// Whether the path ends with a slash.
    package let endsWithSlash: Bool
    /// The values of the query by their names, decoded; of a repeated name the first one.
    package let query: [String: String]

    /// Cuts and decodes a target; nil for one that no client of good will sends.
    package init?(_ target: String) {
        guard target.utf8.count <= Self.maximumLength, target.utf8.first == UInt8(ascii: "/") else { return nil }
        let pieces = target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = pieces.first, let parts = Self.parts(path.dropFirst()) else { return nil }
        endsWithSlash = path.count > 1 && path.last == UInt8(ascii: "/")
        self.parts = parts
        guard let query = pieces.count > 1 ? Self.query(pieces[1]) : [:] else { return nil }
        self.query = query
    }

    private static func parts(_ path: Substring.UTF8View) -> [String]? {
        var pieces = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if pieces.last?.isEmpty == true { pieces.removeLast() }
        var parts: [String] = []
        for piece in pieces {
            guard let part = decoded(piece), isName(part) else { return nil }
            parts.append(part)
        }
        return parts
    }

    /// Whether a part of a path is a name of something in a folder.
    private static func isName(_ part: String) -> Bool {
        !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 255
            && part.utf8.allSatisfy { $0 != 0 && $0 != UInt8(ascii: "/") }
    }

    private static func query(_ text: Substring.UTF8View) -> [String: String]? {
        var values: [String: String] = [:]
        for pair in text.split(separator: UInt8(ascii: "&")) {
            let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = sides.first.flatMap(decoded), let value = sides.count > 1 ? decoded(sides[1]) : "" else {
                return nil
            }
            if values[name] == nil { values[name] = value }
        }
        return values
    }

    /// The text with each `%` and two digits turned into a byte; nil when that is no UTF-8, or a `%` stands alone.
    private static func decoded(_ text: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }

    /// Spells a text so that it can stand in a query (RFC 3986 2.3).
    package static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { result, byte in
            let character = Character(Unicode.Scalar(byte))
            if byte < 0x80, character.isLetter || character.isNumber || "-._~".contains(character) {
                result.append(character)
            } else {
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}
