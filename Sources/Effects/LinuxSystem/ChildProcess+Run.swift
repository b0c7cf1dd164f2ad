import CLinux
import Glibc
package import SystemPackage

extension ChildProcess {
    /// Runs a program to its end.
    ///
    /// The corresponding C function is `posix_spawn`.
    ///
    /// With a timeout the program leads a process group of its own, and the whole group is killed when time is up.
    /// - Parameters:
    /// - program: a path, or a name without a slash that is looked up in `PATH`.
    /// - environment: `NAME=value` entries; nil passes ours on.
    /// - whileWaiting: called every few seconds, so that a watchdog can be served.
    /// - Throws: `ProcessError` when the program cannot be found or started, prints more than is to be captured, or is
    /// not finished in time; an exit status other than zero is not an error (see `Outcome.requireSuccess`).
    package static func run(
        _ program: String, _ arguments: [String] = [], environment: [String]? = nil, directory: FilePath? = nil,
        input: Input = .null, output: Output = .capture(atMost: 1 << 20), errors: Output = .tail(atMost: 4096),
        timeout: Duration? = nil, whileWaiting: () -> Void = {}
    ) throws(ProcessError) -> Outcome {
        let request = try SpawnRequest(
            program, arguments, environment: environment, directory: directory, leadsGroup: timeout != nil)
        let deadline = timeout.map(Deadline.after) ?? .never
        do {
            var inputStream = try ChildStream.input(input)
            var outputStream = try ChildStream.output(output, inherited: STDOUT_FILENO, polled: true)
            var errorStream = try ChildStream.output(errors, inherited: STDERR_FILENO, polled: true)
            let identifier = try request.spawn([inputStream.childEnd, outputStream.childEnd, errorStream.childEnd])
            inputStream.closeChildEnd()
            outputStream.closeChildEnd()
            errorStream.closeChildEnd()
            return try finish(request, identifier, &outputStream, &errorStream, deadline, timeout, whileWaiting)
        } catch let error as Errno {
            throw .cannotStart(program, error)
        } catch let error as ProcessError {
            throw error
        } catch {
            throw .cannotStart(program, .ioError)
        }
    }

    /// Starts a program with a pipe into its standard input.
    ///
    /// Captured streams go to memory files, so that writing to the pipe can never deadlock with what the program says.
    /// From the first call on, writing to a pipe that nobody reads is an error of the write, not the end of this process.
    /// - Throws: `ProcessError` when the program cannot be found or started.
    package static func spawn(
        _ program: String, _ arguments: [String] = [], environment: [String]? = nil, directory: FilePath? = nil,
        output: Output = .discard, errors: Output = .tail(atMost: 4096)
    ) throws(ProcessError) -> ChildProcess {
        let request = try SpawnRequest(
            program, arguments, environment: environment, directory: directory, leadsGroup: false)
        clinux_ignore_broken_pipes()
        do throws(Errno) {
            var inputStream = try ChildStream.inputPipe()
            let outputStream = try ChildStream.output(output, inherited: STDOUT_FILENO, polled: false)
            let errorStream = try ChildStream.output(errors, inherited: STDERR_FILENO, polled: false)
            let identifier = try request.spawn([inputStream.childEnd, outputStream.childEnd, errorStream.childEnd])
            return ChildProcess(
                program: program, identifier: identifier, input: inputStream.takeKept(), output: outputStream,
                errors: errorStream)
        } catch {
            throw .cannotStart(program, error)
        }
    }

    /// How long a program that was killed may take to be gone.
    private static let dyingTime = Duration.seconds(10)

    /// Reads the streams until the end, kills the child when it must not go on, and reaps it in any case.
    private static func finish(
        _ request: SpawnRequest, _ identifier: pid_t, _ output: inout ChildStream, _ errors: inout ChildStream,
        _ deadline: Deadline, _ timeout: Duration?, _ whileWaiting: () -> Void
    ) throws(ProcessError) -> Outcome {
        let program = request.program
        var outcome: (ended: Bool, output: CapturedBytes, errors: CapturedBytes)?
        var failure = Errno.ioError
        do throws(Errno) {
            var pump = try OutputPump(identifier, output: &output, errors: &errors)
            let ended = try pump.run(until: deadline, whileWaiting)
            outcome = (ended, pump.capturedOutput, pump.capturedErrors)
        } catch {
            failure = error
        }
        if outcome?.ended != true {
            kill(request.leadsGroup ? -identifier : identifier, SIGKILL)
            // One that waits for a broken disk ends only with that. Whoever gave it a time does not wait for it, too.
            if timeout != nil, (try? ProcessEnd.wait(for: identifier, until: .after(dyingTime))) == false {
                throw .timedOut(program, after: timeout ?? .zero, said: "")
            }
        }
        let termination = try reap(identifier, program)
        guard let outcome else { throw .talking(program, failure) }
        for capture in [outcome.output, outcome.errors] where capture.overflowed {
            throw .tooMuchOutput(program, limit: capture.limit)
        }
        guard outcome.ended else {
            throw .timedOut(program, after: timeout ?? .zero, said: lastLine(of: outcome.errors.bytes))
        }
        return Outcome(
            program: program, termination: termination, standardOutput: outcome.output.bytes,
            standardError: outcome.errors.bytes)
    }
}
