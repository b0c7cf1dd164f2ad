package import ArgumentParser
import BuilderCommands
import CommandOutput

/// The program `boatyard` with all of its verbs.
///
/// `serve` is not among those of `BoatyardCommand`, so that nothing but this program is built with a server.
package struct BoatyardProgram: ParsableCommand {
    /// What `--help` says.
    package static let configuration: CommandConfiguration = {
        var configuration = BoatyardCommand.configuration
        configuration.subcommands.append(ServeCommand.self)
        return configuration
    }()

    /// Makes a command without values.
    package init() {}

    /// Runs the program with the arguments of its process and ends it.
    package static func start() -> Never { CommandLineProgram.start(BoatyardProgram.self, named: "boatyard") }
}
