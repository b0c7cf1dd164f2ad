package import ArgumentParser
package import CommandOutput
import Faults

/// The root of the command line: `lifeboot`.
package struct AgentCommand: ParsableCommand {
    /// The agent's version.
    package static let version = ProgramVersion.text

    /// What `lifeboot --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "lifeboot",
        abstract: "Says what this machine boots and why, and changes it.",
        discussion: discussion,
        version: version,
        subcommands: [
            StatusCommand.self, BootTimesCommand.self, UpgradeCommand.self, RollbackCommand.self, ResetCommand.self,
            ResumeCommand.self, InstallCommand.self, NetworkCommand.self,
            MediaCommand.self,
            UpgradeRecoveryCommand.self, StoredImageCommand.self, MarkGoodCommand.self, SwitchCommand.self,
            EnvironmentCommand.self,
            PlanCommand.self, ConfigCommand.self, StageCommand.self, OverlayCommand.self, PersistenceCommand.self,
            GrubCommand.self,
            GrowCommand.self, SelftestCommand.self, RecordBootCommand.self, BootFailedCommand.self,
            WatchMediumCommand.self, ConsoleCommand.self,
        ])

    /// Takes no options of its own.
    package init() {}

    private static let discussion: String = """
        The machine holds up to three images: active boots by default, passive when active fails, recovery when both \
        do. GRUB counts the attempts of each; a boot that is declared healthy gets them back.

        EXIT STATUS
        \(AgentExit.table)

        FILES
          /usr/lib/lifeboot/config.yaml         configuration of the image
          /etc/lifeboot/config.yaml             configuration of this machine
          /oem/lifeboot.yaml                    configuration that overrides both
          /etc/lifeboot/auth.json               credentials for registries
          /usr/lib/lifeboot/health.d/required   health checks of the image
          /etc/lifeboot/health.d/required       health checks of this machine
          /run/lifeboot/boot.json               what the initramfs stage did
          /run/lifeboot/health.json             what mark-good found
          /run/lifeboot/healthy                 is there once this system is healthy

        Completions: lifeboot --generate-completion-script bash|zsh|fish
        """
}

extension AgentExit {
    /// One line a status, for help texts.
    static var table: String {
        allCases.map { status in
            let number = String(status.rawValue)
            return "  \(number)\(String(repeating: " ", count: max(1, 4 - number.count)))\(status.explanation)"
        }.joined(separator: "\n")
    }
}

/// What `lifeboot` does: parses, runs, and turns every error into one line and an exit status.
package enum AgentProgram {
    /// Runs the command line of this process; does not return.
    package static func main() -> Never { CommandLineProgram.start(AgentCommand.self, named: "lifeboot") }
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
