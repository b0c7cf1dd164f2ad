import LinuxSystem
import SystemPackage
import Terminals

/// How a command shows what it does.
package enum OutputStyle: Sendable {
    /// For people who watch: a bar that is drawn over and over.
    case terminal
    /// For people who read it later: a line a step, and one for every tenth of a long one.
    case lines
    /// For programs: one JSON object a line on standard output.
    case json

    /// JSON when asked for, a bar when standard error is a terminal, lines else.
    package static func chosen(json: Bool) -> OutputStyle {
        json ? .json : ThisProcess.isTerminal(.standardError) ? .terminal : .lines
    }
}

/// Where the output of a command goes; tests have streams of their own.
package struct OutputStreams {
    /// Takes what is for standard output; throws the `errno` of the write.
    var result: (String) throws(Errno) -> Void
    /// Takes what is for standard error.
    var remark: (String) -> Void

    /// Names both.
    init(result: @escaping (String) throws(Errno) -> Void, remark: @escaping (String) -> Void) {
        self.result = result
        self.remark = remark
    }

    /// The same, and every console beside: nobody asked for what is said, and somebody may stand at any of them.
    ///
    /// - Parameter show: writes a text to all consoles.
    package func shownOnConsoles(_ show: @escaping (String) -> Void = { Console.writeToFree($0) }) -> OutputStreams {
        let (result, remark) = (result, remark)
        return OutputStreams(
            result: { (text) throws(Errno) in
                show(Self.withoutEnd(text))
                try result(text)
            },
            remark: { text in
                show(Self.withoutEnd(text))
                remark(text)
            })
    }

    private static func withoutEnd(_ text: String) -> String { text.hasSuffix("\n") ? String(text.dropLast()) : text }

    /// Those of this process.
    package static var standard: OutputStreams {
        OutputStreams(
            result: { (text) throws(Errno) in
                _ = try catchingErrno { try FileDescriptor.standardOutput.writeAll(text.utf8) }
            },
            remark: { text in _ = try? FileDescriptor.standardError.writeAll(text.utf8) })
    }

    /// The time since the machine started.
    package static var clock: () -> Duration { MonotonicClock.now }
}
