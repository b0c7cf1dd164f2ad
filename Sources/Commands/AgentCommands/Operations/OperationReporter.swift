import JSONText
import LinuxSystem
import RegistryModel
import SystemPackage
import Transactions

/// How the progress of an operation is shown.
enum ReportStyle: Sendable {
    /// A bar that is drawn over and over.
    case terminal
    /// A line a step, and one for every tenth of a long one.
    case lines
    /// One JSON object a line on standard output (docs/upgrading.md).
    case json

    /// JSON when asked for, a bar for people at a terminal, lines else.
    static func chosen(json: Bool) -> ReportStyle {
        json ? .json : ThisProcess.isTerminal(.standardError) ? .terminal : .lines
    }
}

/// Shows what an operation tells.
final class OperationReporter {
    /// The shortest time between two drawings of the bar, and between two lines of JSON about progress.
    private static let pause = Duration.milliseconds(200)

    private let style: ReportStyle
    private let write: (String) -> Void
    private let now: () -> Duration
    private var lastDrawn: Duration?
    private var lastTenth = 0
    private var lastActivity = ""
    private var hasBar = false

    /// Reports in a style.
    init(
        _ style: ReportStyle, now: @escaping () -> Duration = MonotonicClock.now,
        write: ((String) -> Void)? = nil
    ) {
        self.style = style
        self.now = now
        let descriptor = style == .json ? FileDescriptor.standardOutput : .standardError
        // When nobody can read it there is nobody to tell.
        self.write = write ?? { text in _ = try? descriptor.writeAll(text.utf8) }
    }

    /// Shows one event.
    func report(_ event: TransactionEvent) {
        if style == .json {
            reportJSON(event)
            return
        }
        switch event {
        case .step(let number, let count, let name, let subject):
            (lastDrawn, lastTenth) = (nil, 0)
            line("[\(number)/\(count)] \(name) \(subject)")
        case .progress(let progress): reportProgress(progress)
        case .note(let text): line("note: \(text)")
        case .warning(let text): line("lifeboot: warning: \(text)")
        case .committed: line("committed: the new state counts from now on")
        }
    }

    /// Ends the bar, so that the next line begins at the left.
    func finish() {
        if hasBar { write("\n") }
        hasBar = false
    }

    /// Prints the last line of JSON: what became of the operation.
    func finish(_ result: JSONObject) {
        if style == .json { write(String(decoding: JSONValue.object(result).serialized(), as: UTF8.self) + "\n") }
    }

    private func line(_ text: String) {
        finish()
        write(text + "\n")
    }

    private func reportProgress(_ progress: TransferProgress) {
        if style == .terminal {
            guard isDue(progress) else { return }
            write("\r\u{1B}[K" + ProgressBar.text(progress))
            hasBar = true
            return
        }
        // Each file of an image is an activity of its own.
        if progress.activity != lastActivity { (lastActivity, lastTenth) = (progress.activity, 0) }
        guard let tenth = ProgressBar.share(progress).map({ $0 / 10 }), tenth > lastTenth else { return }
        lastTenth = tenth
        write(ProgressBar.text(progress, width: 0) + "\n")
    }

    private func isDue(_ progress: TransferProgress) -> Bool {
        let time = now()
        guard let last = lastDrawn, progress.done != progress.total, time - last < Self.pause else {
            lastDrawn = time
            return true
        }
        return false
    }

    private func reportJSON(_ event: TransactionEvent) {
        if case .progress(let progress) = event, !isDue(progress) { return }
        if case .step = event { lastDrawn = nil }
        write(String(decoding: event.json.serialized(), as: UTF8.self) + "\n")
    }
}

extension TransactionEvent {
    /// The event as one line of `--json` output.
    var json: JSONValue {
        switch self {
        case .step(let number, let count, let name, let subject):
            [
                "event": "step", "number": .integer(Int64(number)), "count": .integer(Int64(count)),
                "action": .string(name), "subject": .string(subject),
            ]
        case .progress(let progress):
            [
                "event": "progress", "activity": .string(progress.activity), "done": .integer(Int64(progress.done)),
                "total": progress.total.map { .integer(Int64($0)) } ?? .null,
            ]
        case .note(let text): ["event": "note", "text": .string(text)]
        case .warning(let text): ["event": "warning", "text": .string(text)]
        case .committed: ["event": "committed"]
        }
    }
}
