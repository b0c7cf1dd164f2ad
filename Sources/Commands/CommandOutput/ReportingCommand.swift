package import ArgumentParser
import LinuxSystem

/// A command that tells what it does through `Output`, and ends with a documented status.
package protocol ReportingCommand: DocumentedCommand {
    /// The program's name, which begins every line on standard error.
    static var program: String { get }

    /// Whether JSON was asked for.
    var json: Bool { get }

    /// Where its output goes.
    var streams: OutputStreams { get }

    /// Does it.
    ///
    /// - Throws: `ExitCode` when everything has been said; `ValidationError` for what was not meant; any other error.
    func perform(_ output: Output) throws

    /// Words an error of `perform`.
    static func failure(_ error: any Error) -> ReportedFailure
}

extension ReportingCommand {
    /// Most commands have no such option.
    package var json: Bool { false }

    /// Nearly all speak to whoever started them.
    package var streams: OutputStreams { .standard }

    /// Does it, for this process.
    package func run() throws { try run(Output(Self.program, .chosen(json: json), to: streams)) }

    /// Does it, says why it failed, and makes a result that nobody got a failure.
    ///
    /// - Throws: `ExitCode` with any status but 0; wrong usage as ArgumentParser wants it.
    package func run(_ output: Output) throws {
        var status = ExitStatus.success
        do { try perform(output) } catch let code as ExitCode { status = code.rawValue } catch {
            guard !Self.isUsage(error) else { throw error }
            let failure = Self.failure(error)
            output.fail(failure)
            status = failure.status
        }
        status = output.finish(status)
        if status != ExitStatus.success { throw ExitCode(status) }
    }

    /// Whether ArgumentParser knows what to print and which status to end with.
    private static func isUsage(_ error: any Error) -> Bool {
        error is CleanExit || exitCode(for: error) != .failure
    }
}

/// Runs the command line of a program.
package enum CommandLineProgram {
    /// Runs the command line of this process and ends it.
    ///
    /// - Parameters:
    ///   - prepare: does what comes before any verb, and gives back the arguments that are left for it.
    ///   - failure: words an error of that.
    package static func start(
        _ root: (some ParsableCommand).Type, named program: String,
        preparing prepare: ([String]) throws -> [String] = { $0 },
        failure: (any Error) -> ReportedFailure = { ReportedFailure($0, status: ExitStatus.undetermined) }
    ) -> Never {
        ThisProcess.prepareStandardStreams()
        let output = Output(program, .lines)
        do { ThisProcess.end(run(root, try ThisProcess.arguments.map(prepare), output)) } catch {
            let failure = failure(error)
            output.fail(failure)
            ThisProcess.end(failure.status)
        }
    }

    /// Runs a command line.
    ///
    /// A command line without a command, or with one that only groups others, is wrong usage: it must not look like a
    /// command that has done its work.
    ///
    /// - Parameter output: for help, versions, completions and what is said of wrong usage; a command has its own.
    /// - Returns: what the program ends with.
    package static func run<Root: ParsableCommand>(
        _ root: Root.Type, _ arguments: [String]?, _ output: Output
    ) -> Int32 {
        guard let arguments, !arguments.isEmpty else {
            output.remark(text: root.helpMessage())
            return ExitStatus.usage
        }
        // Of a program whose commands have a --version of their own, which ArgumentParser would mix up with it.
        if arguments == ["--version"], root.configuration.version.isEmpty {
            output.print([ProgramVersion.text])
            return output.finish(ExitStatus.success)
        }
        do {
            var command = try root.parseAsRoot(arguments)
            guard command is any ReportingCommand || type(of: command).configuration.subcommands.isEmpty else {
                output.remark(root.helpMessage(for: type(of: command)))
                return ExitStatus.usage
            }
            try command.run()
            return ExitStatus.success
        } catch {
            let status = status(of: error, root, output)
            if status == ExitStatus.usage, let hint = CommandNames.hint(root, arguments) { output.remark(hint) }
            return status
        }
    }

    /// Prints what ArgumentParser has to say: help that was asked for is a result, all else a remark.
    private static func status<Root: ParsableCommand>(
        of error: any Error, _ root: Root.Type, _ output: Output
    ) -> Int32 {
        let status = root.exitCode(for: error).rawValue
        let text = root.fullMessage(for: error)
        guard !text.isEmpty else { return status }
        guard status == ExitStatus.success else {
            output.remark(text: text)
            return status
        }
        output.print(text: text)
        return output.finish(status)
    }
}
