import ArgumentParser
import BuilderCommands
import CommandOutput
import Snapshots
import Testing
import WebMessages

@testable import ServingCommands

@Suite("boatyard serve, the command line")
struct ServeCommandTests {
    @Test("nobody but this machine reaches what is served, unless it is said")
    func defaults() throws {
        let command = try #require(try BoatyardProgram.parseAsRoot(["serve", "layout"]) as? ServeCommand)
        #expect(command.folder == "layout" && command.listen == .standard && command.listen.isLoopback)
        #expect(command.name == nil && command.files == nil && command.connections == 256)
    }

    @Test("every option is understood")
    func options() throws {
        let parsed = try BoatyardProgram.parseAsRoot([
            "serve", "d", "--listen", "[::]:80", "--name", "os", "--files", "f", "--connections", "9",
        ])
        let command = try #require(parsed as? ServeCommand)
        #expect(command.listen == ListenAddress(host: "::", port: 80) && command.name == "os")
        #expect(command.files == "f" && command.connections == 9)
    }

    @Test("plain files need no layout")
    func filesAlone() throws {
        let command = try #require(try BoatyardProgram.parseAsRoot(["serve", "--files", "f"]) as? ServeCommand)
        #expect(command.folder == nil && command.files == "f")
    }

    @Test(
        "what cannot be meant is a usage error",
        arguments: [
            ["serve"], ["serve", "a", "b"], ["serve", "--files", "f", "--name", "n"],
            ["serve", "a", "--listen", "5000"], ["serve", "a", "--listen", "h:99999"],
            ["serve", "a", "--connections", "0"], ["serve", "a", "--connections", "10001"], ["serve", "a", "--tls"],
        ])
    func usage(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try BoatyardProgram.parseAsRoot(arguments) }
        #expect(error.map { BoatyardProgram.exitCode(for: $0) } == .validationFailure)
    }

    @Test("the program has all verbs of its library, and this one")
    func verbs() {
        let own = BoatyardProgram.configuration.subcommands.map { ObjectIdentifier($0) }
        let others = BoatyardCommand.configuration.subcommands.map { ObjectIdentifier($0) }
        #expect(own.filter { $0 != ObjectIdentifier(ServeCommand.self) } == others && own.count == others.count + 1)
        for example in ServeCommand.text.examples {
            let words = example.line.split(separator: " ").map(String.init)
            #expect(throws: Never.self) { try BoatyardProgram.parseAsRoot(Array(words.dropFirst())) }
        }
    }

    @Test("the help is what the snapshot says")
    func help() throws {
        try Snapshot.check(BoatyardProgram.helpMessage(for: ServeCommand.self, columns: 80), "help-serve")
        try Snapshot.check(BoatyardProgram.helpMessage(columns: 80), "help")
    }
}
