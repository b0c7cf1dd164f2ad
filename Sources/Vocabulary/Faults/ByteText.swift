/// Words numbers of bytes for people, in units of powers of 1,000.
package enum ByteText {
    /// Millions of bytes with one decimal, rounded.
    package static func megabytes(_ bytes: Int) -> String {
        let tenths = (min(max(0, bytes), Int.max - 50_000) + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// The number with the unit that suits it, cut to one decimal: `999 bytes`, `1.9 kB`.
    package static func scaled(_ bytes: Int) -> String {
        for (unit, name) in [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")] where bytes >= unit {
            return "\(bytes / unit).\(bytes % unit * 10 / unit) \(name)"
        }
        return "\(bytes) bytes"
    }
}
