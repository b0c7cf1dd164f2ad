import AgentCommands
import ArgumentParser
import BuilderCommands
import CommandOutput
import Testing

@testable import ManualPages

@Suite("Examples of verbs")
struct VerbExampleTests {
    private static let roots: [any DocumentedCommand.Type] = [AgentCommand.self, BoatyardCommand.self]

    @Test("every verb that does something has an example, and the verb parses each of its own")
    func parsed() throws {
        for root in Self.roots {
            for verb in ManualTests.verbs(below: [root]).compactMap(\.last) where verb.configuration.subcommands.isEmpty
            {
                let verb = try #require(verb as? any ReportingCommand.Type)
                #expect(!verb.text.examples.isEmpty, "\(verb) has no example")
                for example in verb.text.examples { try Self.expect(example, isParsedBy: verb, of: root) }
            }
            for example in root.text.examples { try Self.expect(example, isParsedBy: nil, of: root) }
        }
    }

    private static func expect(
        _ example: VerbText.Example, isParsedBy verb: (any ReportingCommand.Type)?, of root: any DocumentedCommand.Type
    ) throws {
        let words = example.line.split(separator: " ").map(String.init)
        #expect(words.first == root.program && example.line.count <= 110, "\(example.line)")
        #expect(example.purpose.first?.isUppercase == true && !example.purpose.hasSuffix("."), "\(example.purpose)")
        do {
            let command = try root.parseAsRoot(Array(words.dropFirst()))
            if let verb { #expect(type(of: command) == verb, "\(example.line)") }
        } catch { Issue.record("\(example.line): \(root.message(for: error))") }
    }

    @Test("every verb takes --json but those that make something, print a schema, or are no end in themselves")
    func json() throws {
        var without: Set<String> = []
        for root in Self.roots {
            for path in ManualTests.verbs(below: [root]) {
                guard let verb = path.last, verb.configuration.subcommands.isEmpty else { continue }
                let forms = try ArgumentDescription.arguments(of: verb).flatMap(\.forms)
                if !forms.contains("--json") { without.insert(path.map { $0._commandName }.joined(separator: " ")) }
            }
        }
        #expect(
            without == [
                "lifeboot config schema", "lifeboot console", "boatyard schema", "boatyard key generate",
                "boatyard sign", "boatyard iso",
                "boatyard netboot", "boatyard init", "boatyard image build", "boatyard image publish",
                "boatyard channel create", "boatyard channel add", "boatyard channel publish",
            ])
    }

    @Test("help shows the examples, and where statuses are explained")
    func help() {
        let text = VerbText(
            "Words.", statuses: [0: "done"], examples: ["Do it": "x y"], files: ["/a": "one", "/a/b": "two"])
        #expect(
            text.help(statusesIn: "x") == """
                Words.

                EXAMPLES
                  Do it:
                    x y

                FILES
                  /a     one
                  /a/b   two

                Exit statuses: man x
                """)
        #expect(VerbText("").help(statusesIn: "x") == "Exit statuses: man x")
    }
}
