import ArgumentParser
import JSONText
import OutputSchemas
import SystemPackage
import TestMachines
import Testing

@testable import AgentCommands
@testable import CommandOutput

@Suite("Documents of verbs that only look")
struct ShownDocumentTests {
    /// What a command line prints.
    private static func document(_ arguments: [String]) throws -> JSONValue {
        var text = ""
        let streams = OutputStreams(result: { (line) throws(Errno) in text += line }, remark: { _ in })
        let command = try #require(try AgentCommand.parseAsRoot(arguments + ["--json"]) as? any AgentVerb)
        do { try command.run(Output("lifeboot", .json, to: streams)) } catch is ExitCode {}
        return try JSONValue(parsing: Array(text.utf8))
    }

    @Test("what a verb prints is what its schema says")
    func shown() throws {
        let folder = try TestFolder()
        try folder.write(
            "name: x\nstages:\n  boot:\n    - name: a\n      commands: [true]\n    - nothing: 1\n", to: "oem/1.yaml")
        try folder.write("{", to: "oem/2.yaml")
        try folder.write("deadline: 5\n", to: "etc/lifeboot/config.yaml")
        let root = folder.path.string
        for (arguments, name) in [
            (
                [
                    "plan", "--command-line",
                    "lifeboot.role=active lifeboot.image=0123456789abcdef lifeboot.boot=PARTUUID=1",
                ], "plan"
            ),
            (["config", "validate", "\(root)/oem"], "config-validate"),
            (["config", "show", "--root", root], "config-show"),
            (["stage", "plan", "boot", "--root", root], "stage-plan"), (["selftest"], "selftest"),
        ] { try OutputSchema.check(try Self.document(arguments), name) }
    }

    @Test("every verb that only looks has a document for programs")
    func verbs() throws {
        for arguments in [
            ["status"], ["status", "--packages"], ["boot-times"], ["plan"], ["selftest"], ["boot-env", "show"],
            ["boot-env", "check"], ["config", "show"], ["config", "validate", "x"], ["stage", "plan", "boot"],
            ["overlay", "list"], ["overlay", "check"], ["persistence", "status"], ["persistence", "diff", "/etc"],
            ["disks"], ["media"], ["network"],
        ] {
            let command = try AgentCommand.parseAsRoot(arguments + ["--json"])
            #expect((command as? any AgentVerb)?.json == true, "\(arguments)")
        }
    }
}
