package import ArgumentParser
package import CommandOutput
import ImageFolders
import ImageSources
import JSONText
import LinuxSystem
import OEMExecution
import OEMModel
import OEMPlanning
import ReleaseModel
import SystemPackage

/// `lifeboot stage`.
package struct StageCommand: ParsableCommand {
    /// What `lifeboot stage --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "stage",
        abstract: "Show or run what files of configuration have for a stage.",
        discussion: """
            A stage NAME consists of NAME.before, NAME and NAME.after, each over all files: /system/oem, /oem, \
            /usr/local/cloud-config, then those that are named. Units run the stages of a boot; any other name is an \
            event of yours.
            """,
        subcommands: [Plan.self, Run.self])

    /// Takes no options of its own.
    package init() {}

    /// `lifeboot stage plan`.
    package struct Plan: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "plan", abstract: "Print the steps and actions of a stage, in their order; change nothing.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            "Nothing is changed; conditions of steps are asked as they are now.",
            examples: [
                "See what a stage would do":
                    "lifeboot stage plan boot",
                "Try a file in an empty folder":
                    "lifeboot stage plan boot --from file.yaml --root /tmp/tree",
            ])

        /// Stage, files and root.
        @OptionGroup package var options: StageOptions

        @Flag(help: "Print JSON (\"format\": 1; see docs/oem.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Prints the plan.
        package func perform(_ output: Output) throws {
            let facts = try options.stageRun().facts()
            let plan = StagePlan(facts)
            let refusals = StageRun.refusals(facts)
            output.show(plan.json(refusals: refusals), lines: plan.lines(refusals: refusals))
        }
    }

    /// `lifeboot stage run`.
    package struct Run: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "run", abstract: "Run a stage.", discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            An action that fails hides no other. What did not work is said here, kept in /run/lifeboot/stages \
            and shown by lifeboot status. Must run as root.
            """,
            examples: [
                "Run an event of your own":
                    "lifeboot stage run backup --strict"
            ])

        /// Stage, files and root.
        @OptionGroup package var options: StageOptions

        @Flag(help: "End with status 1 when something did not work, whatever oem.strict says.")
        package var strict = false

        @Flag(help: "Print JSON (\"format\": 1; see docs/oem.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        @Option(
            help: ArgumentHelp(
                "Make this folder the root of the program first, with /dev, /proc, /sys and /run of here.",
                valueName: "folder"), completion: .directory)
        package var chroot: String?

        @Option(
            help: ArgumentHelp(
                "Seconds that one command may take, at most; oem.timeout counts besides.", valueName: "seconds"))
        package var timeout: Int?

        /// Runs it.
        package func perform(_ output: Output) throws {
            if let chroot { try RootChange.enter(FilePath(chroot)) }
            var policy = try StageOptions.policy()
            if let timeout { policy.timeout = min(policy.timeout, .seconds(max(1, timeout))) }
            var run = options.stageRun(policy)
            run.grow = { try PersistentGrowth.run() }
            let report = try run.perform { step in
                guard step.outcome == .ran || step.hasFailed, !output.isJSON else { return }
                output.print(step.lines)
            }
            if output.isJSON { output.show(report.json, lines: []) }
            for refusal in report.refusals { output.remark(refusal) }
            let isStrict = strict || policy.strictStages.contains(options.name)
            try (report.hasFailed && isStrict ? AgentExit.negative : .success).end()
        }
    }
}

/// What both need to know.
package struct StageOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The stage, such as boot or network.", valueName: "name"))
    package var name: String

    @Option(
        name: .customLong("from"), parsing: .singleValue,
        help: ArgumentHelp(
            "A file, or a folder of files, besides the usual ones; can be given again.", valueName: "path"),
        completion: .file())
    package var given: [String] = []

    @Option(
        help: ArgumentHelp("The root that is read and changed, instead of /.", valueName: "folder"),
        completion: .directory)
    package var root = "/"

    /// Starts with the defaults.
    package init() {}

    /// Who may run programs here, and for how long.
    ///
    /// - Throws: when a configuration file cannot be read.
    static func policy() throws -> StagePolicy { try ConfigurationFiles.read().oem }

    func stageRun(_ policy: StagePolicy? = nil) throws -> StageRun { stageRun(try policy ?? Self.policy()) }

    func stageRun(_ policy: StagePolicy) -> StageRun {
        StageRun(
            name, root: FilePath(root), given: given.map { FilePath($0) },
            programSources: policy.programSources.union([.given]), timeout: policy.timeout)
    }
}
