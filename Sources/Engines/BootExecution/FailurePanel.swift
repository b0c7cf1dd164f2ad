import BootModel
import GrubEnvironment

/// Words a failed boot for the person at the console, 80 columns wide.
enum FailurePanel {
    /// Columns of a line.
    static let width = 80
    /// Where texts begin that have a name before them.
    private static let indent = 10

    /// The panel: which system, why it did not start, what happens now.
    static func text(_ report: BootReport, _ failure: BootFailure) -> String {
        let parameters = report.parameters
        let line = String(repeating: "=", count: width - 8)
        var system = report.imageName ?? ""
        if let image = parameters.image { system += system.isEmpty ? "image \(image)" : " (image \(image))" }
        if !system.isEmpty { system = entry("system:", system) + "\n" }
        return """

            \(line)
              lifeboot: the \(parameters.roleName ?? "booted") system did not start

            \(system)\(entry("step:", "\(failure.step) \(failure.subject)"))
            \(entry("cause:", failure.cause))

            \(entry("now:", next(parameters)))
            \(line)

            """
    }

    private static func next(_ parameters: BootParameters) -> String {
        if parameters.shellOnFailure {
            return "A shell opens, where there is one. /run/lifeboot/boot.json has every step."
        }
        let seconds = parameters.failureDelay
        switch parameters.triesLeft {
        case 0: return "No attempts are left: in \(seconds) s the next image is started."
        case let left?:
            return "Starting again in \(seconds) s; \(left) more attempt\(left == 1 ? "" : "s") before the next image."
        case nil: return "Starting again in \(seconds) s."
        }
    }

    /// A name, and a text beside it that is broken between words; a word that is too long stands alone.
    static func entry(_ name: String, _ text: String) -> String {
        var lines = "  \(name)"
        var column = lines.utf8.count
        for word in text.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }) {
            if column > indent, column + 1 + word.count > width {
                lines += "\n"
                column = 0
            }
            let gap = max(column < indent ? indent - column : 1, 0)
            lines += String(repeating: " ", count: gap) + String(Substring(word))
            column += gap + word.count
        }
        return lines
    }
}

/// The one line that a boot that goes well says.
enum StartMessage {
    /// As in `lifeboot: starting acme 3.0 (active, attempt 1 of 3)`.
    static func text(_ report: BootReport) -> String {
        let parameters = report.parameters
        var about = parameters.roleName ?? "no role"
        if let reason = parameters.reason, reason != .default { about += ", \(reason.rawValue)" }
        if let left = parameters.triesLeft {
            let count = BootEnvironment.maximumTries
            about += left < count ? ", attempt \(count - left) of \(count)" : ", \(left) attempts left"
        }
        return "lifeboot: starting \(report.imageName ?? "an image") (\(about))"
    }
}

extension BootParameters {
    /// Seconds that a failure stays on the screen before the machine restarts: of a boot that is not counted somebody may want to
    /// read it.
    var failureDelay: Int { isCounted ? rebootDelay : max(rebootDelay, InitFailure.reading) }
}
