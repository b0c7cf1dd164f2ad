package import ArgumentParser
import BootHealth
package import CommandOutput
import GrubEnvironment
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
            commandName: "show", abstract: "Print the variables as GRUB takes them, and what is wrong.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            "Nothing is changed. Must run as root.",
            examples: [
                "See what GRUB reads":
                    "lifeboot boot-env show"
            ])

        @Flag(help: "Print JSON (\"format\": 1).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Prints the variables.
        package func perform(_ output: Output) throws {
            let machine = try Machine.forRoot("boot-env show")
            let inspection = try EnvironmentInspection(machine)
            output.show(inspection.json, lines: inspection.lines)
        }
    }

    /// `lifeboot boot-env check`.
    package struct Check: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Say what is wrong with boot.env and its second copy.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            "Nothing is changed. Must run as root.",
            statuses: [0: "nothing is wrong", 1: "something is", 2: "it could not be found out"],
            examples: [
                "Ask whether boot.env is sound":
                    "lifeboot boot-env check"
            ])

        @Flag(help: "Print JSON (\"format\": 1; see docs/operating.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Prints the problems.
        package func perform(_ output: Output) throws {
            let machine = try Machine.forRoot("boot-env check")
            let inspection = try EnvironmentInspection(machine)
            let problems = inspection.problems
            output.show(
                inspection.json, lines: problems.isEmpty ? ["boot.env and its second copy are sound."] : problems)
            try (problems.isEmpty ? AgentExit.success : .negative).end()
        }
    }

    /// `lifeboot boot-env repair`.
    package struct Repair: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "repair", abstract: "Replace what is damaged by what is safe, from the copy and the disks.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            Keeps every variable that makes sense. When none does, the roles come from the second copy where its \
            images exist, else from what runs and the newest images. A pending operation is not taken over.
            """,
            examples: [
                "See what would be written":
                    "lifeboot boot-env repair --dry-run",
                "Repair it":
                    "lifeboot boot-env repair",
            ])

        @Flag(help: "Say what would be written, but write nothing.")
        package var dryRun = false

        @Flag(help: "Print JSON, one object a line (see docs/events.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Repairs.
        package func perform(_ output: Output) throws {
            var machine = try Machine.forRoot("boot-env repair")
            let repaired = try RepairedEnvironment(machine)
            if dryRun { return output.plan("boot-env repair", repaired.members, lines: repaired.lines(isDryRun: true)) }
            let warnings = try repaired.write(&machine)
            warnings.forEach(output.warn)
            output.end(repaired.outcome(warnings), lines: repaired.lines(isDryRun: false))
        }
    }
}

extension RepairedEnvironment {
    /// What was wrong, and the variables that are written, for programs; null when nothing is.
    var members: JSONObject {
        guard let result else { return ["changes": [], "variables": .null] }
        let variables = EnvironmentVariable.allCases.map {
            JSONObject.Member($0.rawValue, .string(result.text(of: $0)))
        }
        return ["changes": .strings(changes), "variables": .object(JSONObject(variables))]
    }

    /// What became of it, once it is written.
    func outcome(_ warnings: [String]) -> OperationResult {
        let message = result == nil ? "Nothing to repair." : "boot.env was repaired."
        return OperationResult("boot-env repair", changed: result != nil, message, warnings: warnings, details: members)
    }
}

extension EnvironmentInspection {
    /// The variables as GRUB would take them, then what is wrong.
    var lines: [String] {
        let variables = facts.environment.map { environment in
            EnvironmentVariable.allCases.map { "\($0.rawValue)=\(environment.text(of: $0))" }
        }
        return (variables ?? []) + problems.flatMap { TextTable.wrapped($0, lead: "problem:", hanging: 9) }
    }
}
