package import ArgumentParser
import BootHealth
import InstalledSystem
import JSONText

/// `lifeboot boot-env`.
package struct EnvironmentCommand: ParsableCommand {
    /// What `lifeboot boot-env --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "boot-env",
        abstract: "Show, check or repair the boot environment that GRUB and Linux share.",
        discussion: "Never use grub-editenv set on boot.env: it opens the live file with O_TRUNC.",
        subcommands: [Show.self, Check.self, Repair.self])

    /// Takes no options of its own.
    package init() {}

    /// `lifeboot boot-env show`.
    package struct Show: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Print the variables as GRUB takes them, and what is wrong.")

        @Flag(help: "Print JSON (\"format\": 1).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Prints the variables.
        package func perform() throws {
            let machine = try Machine.forRoot("boot-env show")
            let inspection = try EnvironmentInspection(machine)
            if json { Output.print(inspection.json) } else { Output.print(inspection.lines) }
        }
    }

    /// `lifeboot boot-env check`.
    package struct Check: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Say what is wrong; exit status 0 when nothing is, 1 when something is.")

        /// Takes no options.
        package init() {}

        /// Prints the problems.
        package func perform() throws {
            let machine = try Machine.forRoot("boot-env check")
            let problems = try EnvironmentInspection(machine).problems
            Output.print(problems.isEmpty ? ["boot.env and its second copy are sound."] : problems)
            try (problems.isEmpty ? AgentExit.success : .negative).end()
        }
    }

    /// `lifeboot boot-env repair`.
    package struct Repair: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "repair", abstract: "Replace what is damaged by what is safe, from the copy and the disks.",
            discussion: """
                Keeps every variable that makes sense. When none does, the roles come from the second copy where its \
                images exist, else from what runs and the newest images. A pending operation is not taken over.
                """)

        @Flag(help: "Say what would be written, but write nothing.")
        package var dryRun = false

        /// Starts with the defaults.
        package init() {}

        /// Repairs.
        package func perform() throws {
            var machine = try Machine.forRoot("boot-env repair")
            let repaired = try RepairedEnvironment(machine)
            if !dryRun {
                for warning in try repaired.write(&machine) { StandardError.write("lifeboot: warning: \(warning)") }
            }
            Output.print(repaired.lines(isDryRun: dryRun))
        }
    }
}
