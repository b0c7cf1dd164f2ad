import RegistryModel

/// Draws how far a transfer is in one line.
enum ProgressBar {
    /// Percent done, 0 to 100; nil when nobody knows the whole.
    static func share(_ progress: TransferProgress) -> Int? {
        guard let total = progress.total, total > 0 else { return nil }
        let done = min(max(progress.done, 0), total)
        return Int(Double(done) / Double(total) * 100)
    }

    /// The line: `fetching root.squashfs [#####     ]  50 % 135.0 of 270.0 MB`.
    ///
    /// - Parameter width: characters of the bar; 0 for none.
    static func text(_ progress: TransferProgress, width: Int = 24) -> String {
        guard let share = share(progress), let total = progress.total else {
            return "\(progress.activity) \(megabytes(progress.done)) MB"
        }
        let filled = share * width / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: " ", count: width - filled)
        let percent = TextTable.padded("", to: 3 - String(share).count) + "\(share) %"
        return "\(progress.activity) \(width > 0 ? "[\(bar)] " : "")\(percent) "
            + "\(megabytes(progress.done)) of \(megabytes(total)) MB"
    }

    /// Millions of bytes with one decimal.
    static func megabytes(_ bytes: Int) -> String {
        let tenths = (min(max(0, bytes), Int.max - 50_000) + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
