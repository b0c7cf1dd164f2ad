import ArgumentParser
package import CommandOutput
import Faults

/// What `lifeboot` does: parses, runs, and turns every error into one line and an exit status.
package enum AgentProgram {
    /// Runs the command line of this process; does not return.
    package static func main() -> Never { CommandLineProgram.start(AgentCommand.self, named: "lifeboot") }
}

/// A command of `lifeboot` that does something.
package protocol AgentVerb: ReportingCommand {}

extension AgentVerb {
    /// Begins the lines on standard error.
    package static var program: String { "lifeboot" }

    /// Words an error, and finds its exit status.
    package static func failure(_ error: any Error) -> ReportedFailure { ReportedFailure(error) }
}

extension AgentExit {
    /// Ends a command that has already said everything.
    func end() throws(ExitCode) {
        if self != .success { throw ExitCode(rawValue) }
    }
}
