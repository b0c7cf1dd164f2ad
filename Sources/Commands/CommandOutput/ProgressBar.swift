import RegistryModel

/// Draws how far a transfer is in one line.
enum ProgressBar {
    /// Percent done, 0 to 100; nil when nobody knows the whole.
    static func share(_ progress: TransferProgress) -> Int? {
        guard let total = progress.total, total > 0 else { return nil }
        let done = min(max(progress.done, 0), total)
        return Int(Double(done) / Double(total) * 100)
    }

    /// The line: `fetching root.squashfs [#####     ]  50 % 135.0 of 270.0 MB`; without a total `packing files 12.3 MB`.
    ///
    /// - Parameter width: characters of the bar; 0 for none.
    static func text(_ progress: TransferProgress, width: Int = 24) -> String {
        guard let share = share(progress), let total = progress.total else {
            return progress.activity + (progress.done > 0 ? " \(ByteText.megabytes(progress.done)) MB" : "")
        }
        let filled = share * width / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: " ", count: width - filled)
        let percent = TextTable.padded("", to: 3 - String(share).count) + "\(share) %"
        return "\(progress.activity) \(width > 0 ? "[\(bar)] " : "")\(percent) "
            + "\(ByteText.megabytes(progress.done)) of \(ByteText.megabytes(total)) MB"
    }
}

/// Words numbers of bytes for people, in units of powers of 1,000.
package enum ByteText {
    /// Millions of bytes with one decimal, rounded.
    static func megabytes(_ bytes: Int) -> String {
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
