import BuilderCommands

#if !WITHOUT_SERVER
    import ServingCommands
#endif

@main
struct Program {
    static func main() {
        #if WITHOUT_SERVER
            BoatyardCommand.start()
        #else
            BoatyardProgram.start()
        #endif
    }
}
