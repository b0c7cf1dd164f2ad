import BuilderCommands

@main
struct Program {
    static func main() { BoatyardCommand.start() }
}
