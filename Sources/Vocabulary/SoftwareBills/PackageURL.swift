/// Names a package of whatever kind in one line (purl specification: https://github.com/package-url/purl-spec).
struct PackageURL: CustomStringConvertible {
    /// As `pkg:type/namespace/name@version?key=value`.
    let description: String

    /// Makes one.
    ///
    /// - Parameters:
    ///   - path: namespace and name.
    ///   - qualifiers: sorted by key, as the specification asks; those without a value are left out.
    init(_ type: String, _ path: [String], version: String, qualifiers: [(key: String, value: String?)] = []) {
        let name = path.map(Self.encoded).joined(separator: "/")
        let pairs = qualifiers.compactMap { pair in pair.value.map { "\(pair.key)=\(Self.encoded($0))" } }
        description =
            "pkg:\(type)/\(name)@\(Self.encoded(version))"
            + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }

    /// Letters, digits and `-._~` stay as they are, as in RFC 3986.
    static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default:
                let digits = Array(String(byte, radix: 16, uppercase: true).utf8)
                bytes += [0x25] + (digits.count == 1 ? [0x30] : []) + digits
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
