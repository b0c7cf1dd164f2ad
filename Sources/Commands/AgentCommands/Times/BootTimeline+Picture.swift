import BootModel

extension BootTimeline {
    /// The times as a picture: SVG 1.1 without script, font or anything else from elsewhere.
    package var picture: String {
        var drawing = TimeDrawing()
        drawing.title("Boot times", sentence)
        drawing.panel("The whole boot", overviewParts.flatMap { TimeBar.all($0, of: $0.name) })
        let steps = self[.initramfs].parts.flatMap { TimeBar.all($0, of: BootPart.initramfs.rawValue) }
        if !steps.isEmpty { drawing.panel("The initramfs, step by step", steps) }
        for problem in problems { drawing.note(problem) }
        return drawing.document
    }
}

/// One row of a picture.
private struct TimeBar {
    let span: BootSpan
    let depth: Int
    private let part: BootPart?

    /// The rows of a piece and all that it consists of, with the part of the boot that it belongs to.
    static func all(_ span: BootSpan, of part: String, depth: Int = 0) -> [TimeBar] {
        [TimeBar(span: span, depth: depth, part: BootPart(rawValue: part))]
            + span.parts.flatMap { all($0, of: part, depth: depth + 1) }
    }

    /// What it is filled with: colours that also the colour-blind can tell apart; red is for what failed.
    var fill: String {
        if let outcome = span.outcome, outcome.hasPrefix("failed") { return "fill=\"#c0392b\"" }
        let colour =
            switch part {
            case .firmware, nil: "#8a8f98"
            case .loader: "#d08c1d"
            case .kernel: "#3b6fb6"
            case .initramfs: "#1f8f6b"
            case .system: "#7b5ea7"
            }
        return "fill=\"\(colour)\""
            + (depth == 0 ? "" : " fill-opacity=\"\(span.name == "planning" ? "0.35" : "0.65")\"")
    }

    /// What a browser shows when the pointer rests on it.
    var hint: String {
        let times = [
            span.start.map { "from \(SecondsText.of($0)) s" }, span.duration.map { "\(SecondsText.of($0)) s" },
            span.outcome, span.remark,
        ]
        return "\(span.title): \(times.compactMap(\.self).joined(separator: ", "))"
    }

    /// What stands behind the bar.
    var caption: String {
        if let duration = span.duration { return "\(SecondsText.of(duration)) s" }
        return (span.start == nil ? "unknown: " : "") + (span.remark ?? "nobody tells")
    }
}

/// Draws rows below each other.
private struct TimeDrawing {
    private static let width = 960
    private static let chart = 310
    private static let chartWidth = 530
    private static let row = 18
    private static let labelLength = 40
    private static let captionLength = 96

    private var elements: [String] = []
    private var y = 0

    mutating func title(_ text: String, _ subtitle: String) {
        y += 30
        elements.append(Self.text(16, y, text, "font-size=\"18\" font-weight=\"bold\""))
        y += 20
        elements.append(Self.text(16, y, subtitle))
    }

    mutating func panel(_ title: String, _ bars: [TimeBar]) {
        y += 34
        elements.append(Self.text(16, y, title, "font-size=\"14\" font-weight=\"bold\""))
        let axis = TimeAxis(bars.map(\.span))
        let height = bars.count * Self.row
        for tick in axis.ticks {
            let x = Self.chart + axis.place(tick, width: Self.chartWidth)
            elements.append("<path d=\"M\(x) \(y + 4)V\(y + 8 + height)\" stroke=\"#dde1e5\"/>")
            elements.append(
                Self.text(x, y, SecondsText.of(tick), "fill=\"#666\" font-size=\"10\" text-anchor=\"middle\""))
        }
        y += 6
        for bar in bars { add(bar, axis) }
    }

    mutating func note(_ text: String) {
        y += 24
        elements.append(Self.text(16, y, Self.cut(text, 150), "fill=\"#c0392b\""))
    }

    private mutating func add(_ bar: TimeBar, _ axis: TimeAxis) {
        let start = bar.span.start.map { axis.place($0, width: Self.chartWidth) }
        let length = bar.span.end.map { max(1, axis.place($0, width: Self.chartWidth) - (start ?? 0)) } ?? 0
        elements.append("<g><title>\(Self.escaped(bar.hint))</title>")
        elements.append(
            Self.text(16 + 12 * bar.depth, y + 13, Self.cut(bar.span.title, Self.labelLength - 2 * bar.depth)))
        if let start, length > 0 {
            elements.append(
                "<rect x=\"\(Self.chart + start)\" y=\"\(y + 3)\" width=\"\(length)\" height=\"12\" \(bar.fill)/>")
        }
        let behind = bar.span.duration == nil ? 0 : (start ?? 0) + length
        elements.append(
            Self.text(
                Self.chart + behind + 6, y + 13, Self.cut(bar.caption, Self.captionLength),
                "fill=\"#666\" font-size=\"11\""))
        elements.append("</g>")
        y += Self.row
    }

    /// The whole file.
    var document: String {
        let size = "width=\"\(Self.width)\" height=\"\(y + 20)\" viewBox=\"0 0 \(Self.width) \(y + 20)\""
        let font = "font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\""
        return
            ([
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) \(font)>",
                "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
            ] + elements + ["</svg>", ""]).joined(separator: "\n")
    }

    private static func text(_ x: Int, _ y: Int, _ text: String, _ attributes: String = "") -> String {
        "<text x=\"\(x)\" y=\"\(y)\"\(attributes.isEmpty ? "" : " \(attributes)")>\(escaped(text))</text>"
    }

    private static func cut(_ text: String, _ length: Int) -> String {
        text.count > length ? text.prefix(length - 1) + "…" : text
    }

    /// What stands for itself in XML 1.0; a character that must not be there in any spelling becomes a replacement.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += " "
            default:
                let isForbidden = scalar.value < 0x20 || (0xFFFE...0xFFFF).contains(scalar.value)
                result.unicodeScalars.append(isForbidden ? "\u{FFFD}" : scalar)
            }
        }
        return result
    }
}
