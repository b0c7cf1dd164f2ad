import ArgumentParser
import BuildPlanning
import CommandOutput
import JSONText
import LayerFolders
import LinuxSystem
import PackageBuilding

/// Says what is wrong in the files of a layer: `boatyard package check`.
struct PackageCheckCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what is wrong in the files of a layer, without building anything.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Reads all files, and looks whether every package finds what it is built on, and the lock what is used.
        """,
        statuses: [
            0: "nothing is wrong",
            1: "something is",
            2: "it could not be found out",
        ],
        examples: [
            "Look for mistakes in the files":
                "boatyard package check"
        ])

    @OptionGroup(title: "Which layer")
    var layer: LayerOptions
    @Flag(help: "Print what was found as JSON.")
    var json = false

    func perform(_ output: Output) throws {
        let (faults, notes) = try LayerCheck.findings(try layer.choice(), environment: ThisProcess.environment)
        output.show(
            ["errors": .array(faults.map { .string($0) }), "notes": .array(notes.map { .string($0) })],
            lines: faults.isEmpty && notes.isEmpty
                ? ["Nothing is wrong."] : faults.map { "error: \($0)" } + notes.map { "note: \($0)" })
        if !faults.isEmpty { throw ExitCode(ExitStatus.negative) }
    }
}
