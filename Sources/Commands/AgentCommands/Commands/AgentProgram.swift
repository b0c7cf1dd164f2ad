package import ArgumentParser
import LinuxSystem
import ReleaseModel
import SystemPackage
import Transactions

/// What `lifeboot` does: parses, runs, and turns every error into one line and an exit status.
package enum AgentProgram {
    /// Runs the command line of this process; does not return.
    ///
    /// A command line without a command is wrong usage: it must not look like a command that has done its work.
    package static func main() -> Never {
        do {
            guard let arguments = ThisProcess.arguments, !arguments.isEmpty else {
                StandardError.write(AgentCommand.helpMessage())
                throw ExitCode.validationFailure
            }
            var command = try AgentCommand.parseAsRoot(arguments)
            try command.run()
        } catch { AgentCommand.exit(withError: error) }
        AgentCommand.exit()
    }
}

/// A command that does something; its errors become one line on standard error and a documented exit status.
package protocol AgentVerb: ParsableCommand {
    /// Does it.
    func perform() throws
}

extension AgentVerb {
    /// Does it, and words what failed.
    package func run() throws {
        do { try perform() } catch let status as ExitCode { throw status } catch let failure as CommandFailure {
            StandardError.write("lifeboot: \(failure)")
            throw ExitCode(failure.status.rawValue)
        } catch {
            StandardError.write("lifeboot: \(error)")
            throw ExitCode(AgentExit(RefusalKind(error)).rawValue)
        }
    }
}

/// Writes lines for people beside the output for programs.
enum StandardError {
    /// Writes one line; when nobody can read it there is nobody to tell.
    static func write(_ line: String) {
        _ = try? FileDescriptor.standardError.writeAll("\(line)\n".utf8)
    }
}

extension AgentExit {
    /// Ends a command that has already said everything.
    func end() throws(ExitCode) {
        if self != .success { throw ExitCode(rawValue) }
    }
}
