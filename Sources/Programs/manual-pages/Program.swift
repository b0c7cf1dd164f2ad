import AgentCommands
import BuilderCommands
import ManualPages

#if !WITHOUT_SERVER
    import ServingCommands
#endif

/// Writes the manual; it is never installed.
@main
struct Program {
    static func main() {
        #if WITHOUT_SERVER
            ManualProgram.start(agent: AgentCommand.self, builder: BoatyardCommand.self)
        #else
            ManualProgram.start(agent: AgentCommand.self, builder: BoatyardProgram.self)
        #endif
    }
}
