package import ArgumentParser
package import CommandOutput
import DocumentTree
import ImageSources
import JSONText
import OEMExecution
import OEMModel
import OEMPlanning
import SystemPackage

extension ConfigCommand {
    /// `lifeboot config show`.
    package struct Show: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Print what counts on this machine, and which file says it.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            The agent's configuration and the layout with their values, the files of stages with the stages that \
            they have steps for, and what is wrong in them.
            """,
            examples: [
                "See what counts here and which file says it":
                    "lifeboot config show",
                "See it for a tree that is prepared":
                    "lifeboot config show --root /tmp/tree",
            ])

        @Flag(help: "Only what counts in the end, each value with its place. This is what it prints in any case.")
        package var effective = false

        @Option(help: ArgumentHelp("The root that is read, instead of /.", valueName: "folder"), completion: .directory)
        package var root = "/"

        @Flag(help: "Print JSON (\"format\": 1; see docs/oem.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Prints it.
        package func perform(_ output: Output) throws {
            let configuration = EffectiveConfiguration(root: FilePath(root))
            let documents = OEMSources.documents(
                in: FilePath(root), setup: SetupFiles(ofThisMachineFor: FilePath(root)))
            var json = configuration.json
            json["format"] = 1
            json["files"] = .array(documents.map(\.json))
            output.show(.object(json), lines: configuration.lines + documents.flatMap(\.lines))
        }
    }
}

extension OEMDocument {
    /// The file, its stages, and what is wrong in it.
    fileprivate var lines: [String] {
        let stages = file.stages.map { "\($0.stage) (\($0.steps.count))" }.joined(separator: ", ")
        return ["\(path) from \(source.rawValue): \(stages.isEmpty ? "no steps" : stages)"]
            + file.remarks.map { "    line \($0.mark.line): \($0.level.words): \($0.reason)" }
    }

    /// `path`, `source`, `stages` and `remarks`.
    fileprivate var json: JSONValue {
        [
            "path": .string(path.string), "source": .string(source.rawValue),
            "stages": .array(
                file.stages.map { ["stage": .string($0.stage), "steps": .integer(Int64($0.steps.count))] }),
            "remarks": .array(file.remarks.map(\.json)),
        ]
    }
}
