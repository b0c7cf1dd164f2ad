import AgentCommands

/// Hands over to the commands library.
@main
struct Program {
    /// Runs the command line.
    static func main() { AgentProgram.main() }
}
