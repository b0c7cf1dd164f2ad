import ArgumentParser
import CommandOutput
import PackageSpecs
import Testing

@testable import BuilderCommands

@Suite("boatyard schema")
struct SchemaCommandTests {
    @Test("every kind of file has its word, and is printed", arguments: SpecKind.allCases)
    func kinds(_ kind: SpecKind) throws {
        let command = try #require(try BoatyardCommand.parseAsRoot(["schema", kind.rawValue]) as? SchemaCommand)
        #expect(command.kind == kind)
        #expect(
            CommandLineProgram.run(BoatyardCommand.self, ["schema", kind.rawValue], Output("boatyard", .lines)) == 0)
    }

    @Test("another word is a usage error that names those there are", arguments: [["schema"], ["schema", "packages"]])
    func others(arguments: [String]) throws {
        let error = try #require(#expect(throws: (any Error).self) { try BoatyardCommand.parseAsRoot(arguments) })
        #expect(BoatyardCommand.exitCode(for: error) == .validationFailure)
        let help = BoatyardCommand.helpMessage(for: SchemaCommand.self, columns: 200)
        for kind in SpecKind.allCases { #expect(help.contains("'\(kind.rawValue)' (\(kind.fileName))")) }
    }
}
