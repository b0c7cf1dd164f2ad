import CLinux
import Glibc
package import SystemPackage

// Runs other programs: `run` to the end with bounded output, `spawn` with a pipe into standard input.
// The child gets descriptors 0, 1 and 2 and nothing else, default signals and, unless told otherwise, our environment.

/// Owns a running program whose standard input is a pipe; dropping it kills and reaps the program.
package struct ChildProcess: ~Copyable {
    /// How a program ended.
    package enum Termination: Equatable, Sendable, CustomStringConvertible {
        /// It exited with this status.
        case exited(Int32)
        /// This signal ended it.
        case signalled(Int32)

        /// `exit status 1` or `signal 9`.
        package var description: String {
            switch self {
            case .exited(let status): "exit status \(status)"
            case .signalled(let number): "signal \(number)"
            }
        }
    }

    /// Where standard input comes from.
    package enum Input {
        /// Nothing to read.
        case null
        /// This process's own standard input.
        case inherit
        /// These bytes.
        case bytes([UInt8])
        /// An open descriptor, which stays the caller's.
        case descriptor(FileDescriptor)
    }

    /// Where an output stream goes.
    package enum Output {
        /// Nowhere.
        case discard
        /// This process's own stream.
        case inherit
        /// The whole of it into the outcome; more than this many bytes is an error.
        case capture(atMost: Int)
        /// Its last bytes into the outcome.
        case tail(atMost: Int)
        /// An open descriptor, which stays the caller's.
        case descriptor(FileDescriptor)
    }

    /// What a program left behind.
    package struct Outcome: Equatable, Sendable {
        /// The program, as it was named.
        package let program: String
        /// How it ended.
        package let termination: Termination
        /// Captured standard output; empty when not captured.
        package let standardOutput: [UInt8]
        /// Captured standard error; empty when not captured.
        package let standardError: [UInt8]

        /// Whether the exit status is zero.
        package var succeeded: Bool { termination == .exited(0) }

        /// Returns the outcome when the exit status is zero.
        /// - Throws: `ProcessError` with the status and the last line of standard error.
        @discardableResult
        package func requireSuccess() throws(ProcessError) -> Outcome {
            if succeeded { return self }
            throw .unsuccessful(program, "\(termination)", said: lastLine(of: standardError))
        }
    }

    private let program: String
    /// Its number, which nobody else has until it is waited for.
    package let identifier: Int32
    private var input: OwnedDescriptor?
    private var output: ChildStream
    private var errors: ChildStream
    private var reaped = false

    init(
        program: String, identifier: pid_t, input: consuming OwnedDescriptor?, output: consuming ChildStream,
        errors: consuming ChildStream
    ) {
        self.program = program
        self.identifier = identifier
        self.input = input
        self.output = output
        self.errors = errors
        self.output.closeChildEnd()
        self.errors.closeChildEnd()
    }

    /// The pipe into the program's standard input; nil once closed.
    ///
    /// It stays this handle's.
    package var standardInput: FileDescriptor? { input.descriptor }

    /// Closes the pipe, which ends the program's input.
    package mutating func closeStandardInput() {
        input = nil
    }

    /// Closes the pipe, waits for the end and returns the outcome.
    /// - Throws: `ProcessError` when the deadline passed (the program is killed), it printed more than is to be captured
    ///   or waiting failed; an exit status other than zero is not an error.
    package consuming func wait(until deadline: Deadline = .never) throws(ProcessError) -> Outcome {
        closeStandardInput()
        let start = MonotonicClock.now()
        let ended = try hasEnded(by: deadline)
        if !ended { kill(identifier, SIGKILL) }
        reaped = true
        let termination = try reap(identifier, program)
        let printed = try captured(errors)
        guard ended else {
            throw .timedOut(program, after: MonotonicClock.now() - start, said: lastLine(of: printed))
        }
        return Outcome(
            program: program, termination: termination, standardOutput: try captured(output), standardError: printed)
    }

    private borrowing func hasEnded(by deadline: Deadline) throws(ProcessError) -> Bool {
        do throws(Errno) { return try ProcessEnd.wait(for: identifier, until: deadline) } catch {
            throw .talking(program, error)
        }
    }

    /// Reads what the program wrote to a memory file.
    private borrowing func captured(_ stream: borrowing ChildStream) throws(ProcessError) -> [UInt8] {
        var capture = stream.capture
        guard let file = stream.keptDescriptor else { return [] }
        do throws(Errno) {
            try capture.append(contentsOf: file)
        } catch {
            throw .talking(program, error)
        }
        if capture.overflowed { throw .tooMuchOutput(program, limit: capture.limit) }
        return capture.bytes
    }

    deinit {
        guard !reaped else { return }
        kill(identifier, SIGKILL)
        _ = try? reap(identifier, program)
    }
}

/// Waits for a child and forgets it.
///
/// The corresponding C function is `waitpid`.
func reap(_ identifier: pid_t, _ program: String) throws(ProcessError) -> ChildProcess.Termination {
    var status: Int32 = 0
    do {
        _ = try systemCall { unsafe waitpid(identifier, &status, 0) }
    } catch {
        throw .talking(program, error)
    }
    return clinux_exited(status) != 0
        ? .exited(clinux_exit_status(status)) : .signalled(clinux_termination_signal(status))
}

/// Returns the last line that is not blank, at most 300 bytes, for an error message.
func lastLine(of bytes: [UInt8]) -> String {
    let lines = bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
    let blank: (UInt8) -> Bool = { $0 <= 0x20 }
    guard let line = lines.last(where: { !$0.allSatisfy(blank) }) else { return "" }
    return String(decoding: line.drop(while: blank).prefix(300), as: UTF8.self)
}
