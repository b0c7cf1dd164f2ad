package import ArgumentParser
import BootExecution
import BootModel
import BootPlanning
package import CommandOutput
import DiskContract
import Faults
import ImageFolders
import InstalledSystem
import LinuxSystem
import SystemLayout
import SystemPackage

/// `lifeboot plan`.
package struct PlanCommand: AgentVerb {
    /// What `lifeboot plan --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Print what the initramfs stage would do with given facts, and why.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        Only plans; nothing is read but the named files, so it works on any machine. Without options: this \
        machine's command line, and the layout file that counts here.
        """,
        examples: [
            "See what the next boot would do":
                "lifeboot plan",
            "Try a layout on any machine":
                "lifeboot plan --command-line lifeboot.role=active --layout layout.yaml",
        ])

    @Option(help: ArgumentHelp("The kernel's command line.", valueName: "words"))
    package var commandLine: String?

    @Option(help: ArgumentHelp("A layout.yaml.", valueName: "file"), completion: .file())
    package var layout: String?

    @Option(
        help: ArgumentHelp("Those of the layout's paths that the image has; all when not given.", valueName: "paths"))
    package var existing: String?

    @Flag(help: "Print JSON (\"format\": 1; see docs/operating.md).")
    package var json = false

    /// Starts with the defaults.
    package init() {}

    /// Prints the plan.
    package func perform(_ output: Output) throws {
        let (file, layout) = try readLayout()
        let paths = existing?.split(separator: ",").map { FilePath(String($0)) }
        let line = KernelCommandLine(parsing: try commandLine ?? Procfs.commandLine())
        if commandLine == nil { try requireOurs(line) }
        let planned = try PlannedBoot(
            line, layout: layout, layoutFile: file, existing: paths.map { Set($0) },
            stages: commandLine == nil
                ? StageFiles.named(ConfigurationFacts.early + ConfigurationFacts.late, in: "/") : [],
            hasOverlays: commandLine == nil && OverlayFolders.haveFiles(in: "/"))
        output.show(planned.json, lines: planned.lines)
    }

    private func requireOurs(_ line: KernelCommandLine) throws {
        guard BootParameters(line).role == nil else { return }
        var refusal = Refusal.notOurs("plan")
        refusal.remedy = "Give the line of another machine with --command-line."
        throw refusal
    }

    /// A named file must be there; with a given command line the files of this machine say nothing.
    private func readLayout() throws -> (FilePath?, Layout) {
        if let layout {
            let file = FilePath(layout)
            return (file, try LayoutFile.read(try FileBytes.readGiven(file, limit: 64 * 1024), file))
        }
        guard commandLine == nil else { return (nil, .default) }
        var search = LayoutSearch(try RootFilesystems(mountedBelow: "/"), SystemSeal())
        return try search.find()
    }
}
