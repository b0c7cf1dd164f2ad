import BootModel
import CommandOutput

extension BootTimeline {
    /// The times for a terminal of 80 columns.
    package var lines: [String] {
        let whole = TimeAxis(parts)
        let overview = [TimeRow.head("PART")] + overviewParts.flatMap { $0.rows(0) }.flatMap { $0.lines(whole) }
        let pieces = self[.initramfs].parts
        let steps = pieces.flatMap { $0.rows(0) }.flatMap { $0.lines(TimeAxis(pieces)) }
        return [
            summary, overview, steps.isEmpty ? [] : [TimeRow.head("INITRAMFS")] + steps,
            problems.isEmpty ? [] : ["PROBLEMS"] + problems.flatMap { TextTable.wrapped($0, lead: "  -", hanging: 4) },
        ].filter { !$0.isEmpty }.reduce(into: []) { $0 += ($0.isEmpty ? [] : [""]) + $1 }
    }

    /// The parts; the initramfs without its pieces, which have a table of their own.
    var overviewParts: [BootSpan] {
        parts.map { part in
            var part = part
            if part.name == BootPart.initramfs.rawValue { part.parts = [] }
            return part
        }
    }

    private var summary: [String] { TextTable.wrapped(sentence, hanging: 0) }

    /// How long all of it took, and from when on that is known.
    var sentence: String {
        guard let total else {
            return isFinished == false ? "This boot has not finished." : "Nobody says when this boot had finished."
        }
        let from =
            self[.firmware].start != nil
            ? "power-on" : self[.loader].start != nil ? "GRUB's start" : "the kernel's start"
        return "This boot took \(SecondsText.of(total.duration)) s, from \(from) until systemd had finished."
    }
}

extension BootSpan {
    /// The name for people.
    var title: String {
        let name = name == BootPart.loader.rawValue ? "GRUB" : name
        return subject.map { $0.isEmpty ? name : "\(name) \($0)" } ?? name
    }

    /// Its row, and those of its pieces; pieces below a millisecond share one.
    fileprivate func rows(_ depth: Int) -> [TimeRow] {
        let short = parts.filter(\.isShort)
        let long = short.count == 1 ? parts : parts.filter { !$0.isShort }
        let rows = [TimeRow(self, depth, title)] + long.flatMap { $0.rows(depth + 1) }
        guard short.count > 1 else { return rows }
        let sum = BootSpan("", duration: short.reduce(0) { $0 + ($1.duration ?? 0) })
        return rows + [TimeRow(sum, depth + 1, "\(short.count) steps below 1 ms")]
    }

    private var isShort: Bool { parts.isEmpty && (duration.map { $0 < TimeRow.shortest } ?? false) }
}

/// One line of the table: what, when, how long, and a bar.
private struct TimeRow {
    /// A step that is shorter, in microseconds, shares a line with others.
    static let shortest: Int64 = 1_000
    private static let nameWidth = 35
    private static let timeWidth = 9
    private static let barWidth = 24

    let span: BootSpan
    let name: String

    init(_ span: BootSpan, _ depth: Int, _ title: String) {
        self.span = span
        let name = String(repeating: "  ", count: depth) + title
        self.name = name.count > Self.nameWidth ? name.prefix(Self.nameWidth - 1) + "…" : name
    }

    static func head(_ name: String) -> String {
        TextTable.padded(name, to: nameWidth) + right("BEGINS s") + right("TAKES s")
    }

    /// A line, or what there is to say instead.
    func lines(_ axis: TimeAxis) -> [String] {
        guard let duration = span.duration else {
            let known = span.start.map { "from \(SecondsText.of($0)) s on; " } ?? "unknown: "
            return TextTable.wrapped(known + (span.remark ?? "nobody tells"), lead: name, hanging: 11)
        }
        let begin = Self.right(span.start.map { SecondsText.of($0) } ?? "")
        let bar = span.start.map { Self.bar($0, duration, axis) } ?? ""
        return [TextTable.padded(name, to: Self.nameWidth) + begin + Self.right(SecondsText.of(duration)) + bar]
    }

    /// At least one mark, also for what is too short for one.
    private static func bar(_ start: Int64, _ duration: Int64, _ axis: TimeAxis) -> String {
        let first = min(barWidth - 1, axis.place(start, width: barWidth))
        let last = max(first + 1, axis.place(start + duration, width: barWidth))
        return "  " + String(repeating: " ", count: first) + String(repeating: "#", count: last - first)
    }

    private static func right(_ text: String) -> String {
        String(repeating: " ", count: max(0, timeWidth - text.count)) + text
    }
}
