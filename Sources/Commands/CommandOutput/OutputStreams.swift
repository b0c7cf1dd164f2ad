import LinuxSystem
import SystemPackage

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
