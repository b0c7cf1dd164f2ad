/// Text for man(7): what a formatter would take for its own is escaped.
///
/// Characters are written such that they are themselves: an option that is copied out of a page has hyphens that work.
struct RoffText: Equatable, Sendable {
    /// The text with its escapes.
    let source: String

    /// Takes over what is escaped already.
    init(source: String) { self.source = source }

    /// Escapes a text.
    init(_ text: some StringProtocol) { source = text.unicodeScalars.map(Self.escape).joined() }

    /// The text in bold type.
    var bold: RoffText { RoffText(source: "\\fB\(source)\\fR") }

    /// The text in italics, or underlined where there are none.
    var italic: RoffText { RoffText(source: "\\fI\(source)\\fR") }

    /// The text as a line of a page.
    var line: String { source.hasPrefix(".") ? "\\&\(source)" : source }

    /// The text as an argument of a request.
    var argument: String {
        "\"\(source.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\(dq"))\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\\": "\\e"
        case "-": "\\-"
        case "'": "\\(aq"
        case "`": "\\(ga"
        case "^": "\\(ha"
        case "~": "\\(ti"
        case "…": "..."
        case "→": "\\(->"
        case "−": "\\-"
        case _ where scalar.isASCII: String(scalar)
        default: "\\[u\(hexadecimal(scalar))]"
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension [RoffText] {
    /// One text after the other.
    func joined(_ separator: String = "") -> RoffText {
        RoffText(source: map(\.source).joined(separator: RoffText(separator).source))
    }
}
