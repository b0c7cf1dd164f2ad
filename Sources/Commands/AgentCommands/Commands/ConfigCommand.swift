package import ArgumentParser
package import CommandOutput
import JSONText
import OEMExecution
import OEMModel
import SystemPackage

/// `lifeboot config`.
package struct ConfigCommand: ParsableCommand {
    /// What `lifeboot config --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check files of configuration, and show what counts on this machine.",
        discussion: "The files are those of stages: docs/oem.md explains them, docs/oem-reference.md has every key.",
        subcommands: [Validate.self, Schema.self, Show.self])

    /// Takes no options of its own.
    package init() {}

    /// `lifeboot config schema`.
    package struct Schema: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Print a JSON Schema of such files, for editors.", discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            "For completion and checks while files are written.",
            examples: [
                "Give an editor the keys of such files":
                    "lifeboot config schema"
            ])

        /// Takes no options.
        package init() {}

        /// Prints the schema.
        package func perform(_ output: Output) throws {
            let text = String(decoding: OEMFile.schema.serialized(indented: true), as: UTF8.self)
            output.print(text.split(separator: "\n").map(String.init))
        }
    }

    /// `lifeboot config validate`.
    package struct Validate: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "validate", abstract: "Say what is wrong in files, before a boot does.", discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            Nothing is run and nothing is changed; it works on any machine. Warnings and notes change nothing.
            """,
            statuses: [
                0: "every step counts",
                1: "a file or a step is refused; with --strict, there is a warning",
            ],
            examples: [
                "Check files before they go on a machine":
                    "lifeboot config validate oem/ --strict"
            ])

        @Argument(
            help: ArgumentHelp("Files, or folders whose *.yaml and *.yml are checked.", valueName: "path"),
            completion: .file())
        package var paths: [String]

        @Flag(help: "End with status 1 for warnings, too.")
        package var strict = false

        @Flag(help: "Print JSON (\"format\": 1; see docs/oem.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Prints what was found.
        package func perform(_ output: Output) throws {
            let validation = OEMValidation(paths.map { FilePath($0) })
            output.show(validation.json, lines: validation.lines)
            let limit = strict ? OEMRemark.Level.warning : .step
            try (validation.worst.map { $0 >= limit } == true ? AgentExit.negative : .success).end()
        }
    }
}
