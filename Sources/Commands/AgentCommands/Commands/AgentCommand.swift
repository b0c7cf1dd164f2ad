package import ArgumentParser
package import CommandOutput
import Faults
import Transactions

/// The root of the command line: `lifeboot`.
package struct AgentCommand: DocumentedCommand {
    /// The agent's version.
    package static let version = ProgramVersion.text

    /// What `lifeboot --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "lifeboot",
        abstract: "Says what this machine boots and why, and changes it.",
        discussion: help,
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "Status",
                subcommands: [
                    StatusCommand.self, BootTimesCommand.self, ReportCommand.self, PlanCommand.self,
                    SelftestCommand.self,
                ]),
            CommandGroup(
                name: "Update",
                subcommands: [UpgradeCommand.self, RollbackCommand.self, SwitchCommand.self, StoredImageCommand.self]),
            CommandGroup(
                name: "Installation and recovery",
                subcommands: [
                    InstallCommand.self, DisksCommand.self, ResetCommand.self, ResumeCommand.self, ConsoleCommand.self,
                    NetworkCommand.self,
                    MediaCommand.self,
                ]),
            CommandGroup(
                name: "Configuration",
                subcommands: [
                    ConfigCommand.self, StageCommand.self, OverlayCommand.self, PersistenceCommand.self,
                ]),
            CommandGroup(
                name: "Disk and loader",
                subcommands: [EnvironmentCommand.self, GrubCommand.self, GrowCommand.self]),
            CommandGroup(
                name: "Unit",
                subcommands: [
                    MarkGoodCommand.self, UpgradeRecoveryCommand.self, RecordBootCommand.self, BootFailedCommand.self,
                    WatchMediumCommand.self,
                ]),
        ])

    /// The name of the program.
    package static let program = "lifeboot"

    /// What help and manual say of the program; the manual has every exit status.
    package static let text = VerbText(
        """
        The machine holds up to three images: active boots by default, passive when active fails, recovery when both \
        do. GRUB counts the attempts of each; a boot that is declared healthy gets them back. In a container, \
        lifeboot --host FOLDER VERB, or LIFEBOOT_HOST=FOLDER, works on the machine whose root is mounted there \
        (docs/unattended.md).
        """,
        examples: [
            "See what runs, why, and what to do": "lifeboot status",
            "Take what the channel has, and start it": "lifeboot upgrade --reboot",
            "Go back": "lifeboot rollback --reboot",
        ],
        files: [
            "/usr/lib/lifeboot/config.yaml": "configuration of the image",
            "/etc/lifeboot/config.yaml": "configuration of this machine",
            "/oem/lifeboot.yaml": "configuration that overrides both",
            "/etc/lifeboot/auth.json": "credentials for registries",
            "/usr/lib/lifeboot/health.d/required": "health checks of the image",
            "/etc/lifeboot/health.d/required": "health checks of this machine",
            "/run/lifeboot/boot.json": "what the initramfs stage did",
            "/run/lifeboot/health.json": "what mark-good found",
            "/run/lifeboot/healthy": "is there once this system is healthy",
        ]
    ).with(statuses: AgentExit.allCases.map { ($0.rawValue, $0.explanation) })

    /// Takes no options of its own.
    package init() {}
}

/// What `lifeboot` does: parses, runs, and turns every error into one line and an exit status.
package enum AgentProgram {
    /// Runs the command line of this process; does not return.
    package static func main() -> Never {
        CommandLineProgram.start(
            AgentCommand.self, named: "lifeboot", preparing: HostRoot.enter, failure: { ReportedFailure($0) })
    }
}

/// A command of `lifeboot` that does something.
package protocol AgentVerb: ReportingCommand {}

extension AgentVerb {
    /// Begins the lines on standard error.
    package static var program: String { "lifeboot" }

    /// Words an error, and finds its exit status.
    package static func failure(_ error: any Error) -> ReportedFailure { ReportedFailure(error) }
}

extension AgentExit {
    /// Ends a command that has already said everything.
    func end() throws(ExitCode) {
        if self != .success { throw ExitCode(rawValue) }
    }
}
