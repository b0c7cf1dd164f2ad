package import ArgumentParser
import BuilderCommands
package import CommandOutput

/// The program `boatyard` with all of its verbs.
///
/// `serve` is not among those of `BoatyardCommand`, so that nothing but this program is built with a server.
package struct BoatyardProgram: DocumentedCommand {
    /// What `--help` says.
    package static let configuration: CommandConfiguration = BoatyardCommand.described(serving: [ServeCommand.self])

    /// The name of the program.
    package static let program = BoatyardCommand.program

    /// What help and manual say of the program.
    package static let text = BoatyardCommand.text

    /// Makes a command without values.
    package init() {}

    /// Runs the program with the arguments of its process and ends it.
    package static func start() -> Never { CommandLineProgram.start(BoatyardProgram.self, named: "boatyard") }
}
