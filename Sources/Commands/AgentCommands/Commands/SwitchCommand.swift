package import ArgumentParser
import BootHealth
package import ImageModel
import InstalledSystem

/// `lifeboot switch`.
package struct SwitchCommand: AgentVerb {
    /// What `lifeboot switch --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "switch",
        abstract: "Choose what boots: from now on, or the next time only.",
        discussion: """
            The role gets its attempts back, and an image that was given up is on trial again. One sector of boot.env \
            is written; nothing happens until the machine is restarted. Refused (exit status 4) when the role has no \
            image or its files are damaged. Must run as root.
            """)

    @Argument(help: ArgumentHelp("What to boot: active, passive or recovery.", valueName: "role"))
    package var role: Role

    @Flag(help: "Only the next boot; after it the default counts again.")
    package var once = false

    @Flag(help: "Switch even when files of the image are missing or damaged.")
    package var force = false

    @Flag(help: "Say what would change, but write nothing.")
    package var dryRun = false

    /// Starts with the defaults.
    package init() {}

    /// Switches.
    package func perform() throws {
        var machine = try Machine.forRoot("switch")
        let facts = try StatusFacts(gathering: machine, command: "switch")
        let change = try RoleSwitch(facts, to: role, once: once, isForced: force)
        for warning in change.warnings { StandardError.write("lifeboot: warning: \(warning)") }
        if !dryRun {
            for warning in try change.write(&machine) { StandardError.write("lifeboot: warning: \(warning)") }
        }
        Output.print(change.changes.isEmpty ? ["Nothing to change."] : change.changes)
    }
}

extension Role: ExpressibleByArgument {}
