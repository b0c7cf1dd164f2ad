package import JSONText
package import RegistryModel
package import SystemPackage

/// Tells what a command does: results on standard output, all else on standard error.
///
/// With `--json` every line of standard output is one object (docs/events.md). Nothing here throws: a command that is told
/// to upgrade finishes whether somebody reads or not. What could not be written to standard output is remembered, and
/// `finish` makes it a failure. Standard error is for people; when nobody reads it there is nobody to tell.
package final class Output {
    /// How progress is shown, and whether results are for people or programs.
    package let style: OutputStyle
    /// Why standard output is not whole; nil when all was written.
    package private(set) var lostResult: Errno?

    private let program: String
    private let streams: OutputStreams
    private let now: () -> Duration
    private var progress: ProgressDisplay

    /// Makes the output of a command.
    ///
    /// - Parameters:
    ///   - program: the name that begins the lines on standard error.
    ///   - now: a clock that never goes back.
    package init(
        _ program: String, _ style: OutputStyle, to streams: OutputStreams = .standard,
        now: @escaping () -> Duration = OutputStreams.clock
    ) {
        self.program = program
        self.style = style
        self.streams = streams
        self.now = now
        progress = ProgressDisplay(style)
    }

    /// Whether results are one JSON object a line.
    package var isJSON: Bool { style == .json }

    /// Prints the result of a command that only looks: a document for programs, or lines for people.
    package func show(_ document: @autoclosure () throws -> JSONValue, lines: @autoclosure () -> [String]) rethrows {
        if isJSON { write(try document().text(indented: true)) } else { print(lines()) }
    }

    /// Prints lines of a result for people.
    package func print(_ lines: [String]) {
        endProgress()
        for line in lines { write(TerminalText.line(line)) }
    }

    /// Prints a text of the program's own that has lines in it: a help text, a version.
    package func print(text: String) { print(TerminalText.lines(text)) }

    /// Prints an event with its members, when JSON was asked for.
    package func emit(_ event: EventName, _ members: JSONObject = [:]) {
        guard isJSON else { return }
        let all = [JSONObject.Member("event", .string(event.rawValue))] + members.members
        write(JSONValue.object(JSONObject(all)).text(indented: false))
    }

    /// Says something to people alone, whatever the style, behind the program's name.
    package func say(_ text: String) {
        endProgress()
        streams.remark(TerminalText.line("\(program): \(text)") + "\n")
    }

    /// Says something to people alone, without the program's name.
    package func remark(_ text: String) {
        endProgress()
        streams.remark(TerminalText.line(text) + "\n")
    }

    /// Says something of the program's own that has lines in it, to people alone: how a command is used.
    package func remark(text: String) { for line in TerminalText.lines(text) { remark(line) } }

    /// Shows how far something is; more often than anybody can follow is left out.
    package func report(_ transfer: TransferProgress) {
        if isJSON {
            guard progress.isDue(transfer, at: now()) else { return }
            emit(.progress, transfer.members)
        } else if let text = progress.text(transfer, at: now()) {
            streams.remark(text)
        }
    }

    /// Shows that a step of a plan begins.
    package func step(_ number: Int, of count: Int, name: String, subject: String) {
        progress.restart()
        if isJSON {
            emit(
                .step,
                [
                    "number": .integer(Int64(number)), "count": .integer(Int64(count)), "action": .string(name),
                    "subject": .string(subject),
                ])
        } else {
            remark("[\(number)/\(count)] \(name) \(subject)")
        }
    }

    /// Ends the output.
    ///
    /// - Returns: what the program ends with: the status, but `undetermined` when that is success and the result did not
    ///   reach standard output.
    package func finish(_ status: Int32) -> Int32 {
        endProgress()
        guard let lostResult else { return status }
        say(
            "writing to standard output: \(lostResult). "
                + "What the command did is done, but what it printed is not whole; let it write elsewhere.")
        return status == ExitStatus.success ? ExitStatus.undetermined : status
    }

    private func endProgress() {
        if let text = progress.end() { streams.remark(text) }
    }

    /// Writes a line to standard output; after a failure nothing more, so that what is there is a beginning.
    private func write(_ line: String) {
        guard lostResult == nil else { return }
        do throws(Errno) { try streams.result("\(line)\n") } catch { lostResult = error }
    }
}

extension JSONValue {
    /// The value as text.
    fileprivate func text(indented: Bool) -> String {
        String(decoding: serialized(indented: indented), as: UTF8.self)
    }
}
