package import ArgumentParser
import BootHealth
package import CommandOutput
package import ImageModel
import InstalledSystem
import JSONText

/// `lifeboot switch`.
package struct SwitchCommand: AgentVerb {
    /// What `lifeboot switch --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "switch",
        abstract: "Choose what boots: from now on, or the next time only.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        The role gets its attempts back, and an image that was given up is on trial again. One sector of \
        boot.env is written; nothing happens until the machine is restarted. Refused when the \
        role has no image or its files are damaged. Must run as root.
        """,
        examples: [
            "Try active once more":
                "lifeboot switch active",
            "Start recovery the next time only":
                "lifeboot switch recovery --once",
        ])

    @Argument(help: ArgumentHelp("What to boot: active, passive or recovery.", valueName: "role"))
    package var role: Role

    @Flag(help: "Only the next boot; after it the default counts again.")
    package var once = false

    @Flag(help: "Switch even when files of the image are missing or damaged.")
    package var force = false

    @Flag(help: "Say what would change, but write nothing.")
    package var dryRun = false

    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    package var json = false

    /// Starts with the defaults.
    package init() {}

    /// Switches.
    package func perform(_ output: Output) throws {
        var machine = try Machine.forRoot("switch")
        let facts = try StatusFacts(gathering: machine, command: "switch")
        let change = try RoleSwitch(facts, to: role, once: once, isForced: force)
        if !(dryRun && json) { change.warnings.forEach(output.warn) }
        if dryRun { return output.plan("switch", change.members, lines: change.lines) }
        let further = try change.write(&machine)
        further.forEach(output.warn)
        output.end(change.result(further), lines: change.lines)
    }
}

extension RoleSwitch {
    /// What changes, for people.
    var lines: [String] { changes.isEmpty ? ["Nothing to change."] : changes }

    /// What would change and what the operator should know, for programs.
    var members: JSONObject { ["changes": .strings(changes), "warnings": .strings(warnings)] }

    /// What became of it, once it is written.
    func result(_ further: [String]) -> OperationResult {
        let message = changes.isEmpty ? "Nothing to change." : "The change counts from the next boot on."
        return OperationResult(
            "switch", changed: !changes.isEmpty, message, warnings: warnings + further,
            details: ["changes": .strings(changes)])
    }
}

extension Role: ExpressibleByArgument {}
