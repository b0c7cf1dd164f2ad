import Faults
import RegistryModel

/// Decides what of many reports of progress is shown, and when.
struct ProgressDisplay {
    /// The shortest time between two drawings of the bar, and between two lines of JSON about progress.
    private static let pause = Duration.milliseconds(200)
    /// Goes to the begin of the terminal's line and clears it (ECMA-48, CR and EL).
    private static let clear = "\r\u{1B}[K"

    private let style: OutputStyle
    private var lastDrawn: Duration?
    private var lastTenth = 0
    private var lastActivity = ""
    private var open: String?

    /// Has shown nothing so far.
    init(_ style: OutputStyle) { self.style = style }

    /// Begins a step: its first report is shown at once.
    mutating func restart() { (lastDrawn, lastTenth) = (nil, 0) }

    /// What to write to standard error for a report; nil for nothing.
    mutating func text(_ progress: TransferProgress, at time: Duration) -> String? {
        switch style {
        case .json: return nil
        case .lines: return tenth(progress)
        case .terminal:
            guard isDue(progress, at: time) else { return nil }
            // A bar stays to be read, a mere count is cleared away.
            open = ProgressBar.share(progress) == nil ? Self.clear : "\n"
            return Self.clear + TerminalText.line(ProgressBar.text(progress))
        }
    }

    /// Whether the last drawing is long enough ago, or this is the begin or the end of an activity.
    mutating func isDue(_ progress: TransferProgress, at time: Duration) -> Bool {
        defer { lastActivity = progress.activity }
        if let lastDrawn, progress.activity == lastActivity, progress.done != progress.total,
            time - lastDrawn < Self.pause
        {
            return false
        }
        lastDrawn = time
        return true
    }

    /// What to write so that the next line begins at the left; nil when it does already.
    mutating func end() -> String? {
        defer { open = nil }
        return open
    }

    /// A line for every tenth of an activity whose end is known; each file of an image is an activity of its own.
    private mutating func tenth(_ progress: TransferProgress) -> String? {
        if progress.activity != lastActivity { (lastActivity, lastTenth) = (progress.activity, 0) }
        guard let tenth = ProgressBar.share(progress).map({ $0 / 10 }), tenth > lastTenth else { return nil }
        lastTenth = tenth
        return TerminalText.line(ProgressBar.text(progress, width: 0)) + "\n"
    }
}

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
