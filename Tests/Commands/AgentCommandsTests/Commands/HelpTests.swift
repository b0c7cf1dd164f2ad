import ArgumentParser
import CommandOutput
import ImagePlanning
import Snapshots
import Testing
import Transactions

@testable import AgentCommands

@Suite("Help texts and completions")
struct HelpTests {
    @Test(
        "The help of every command is what the snapshot says",
        arguments: [
            ("help", AgentCommand.self), ("help-status", StatusCommand.self),
            ("help-boot-times", BootTimesCommand.self), ("help-mark-good", MarkGoodCommand.self),
            ("help-switch", SwitchCommand.self), ("help-boot-env", EnvironmentCommand.self),
            ("help-upgrade", UpgradeCommand.self), ("help-upgrade-recovery", UpgradeRecoveryCommand.self),
            ("help-rollback", RollbackCommand.self),
            ("help-reset", ResetCommand.self), ("help-install", InstallCommand.self),
            ("help-grub", GrubCommand.self), ("help-grow", GrowCommand.self),
            ("help-resume", ResumeCommand.self),
            ("help-image-pull", ImagePullCommand.self), ("help-plan", PlanCommand.self),
            ("help-config", ConfigCommand.self), ("help-config-validate", ConfigCommand.Validate.self),
            ("help-config-show", ConfigCommand.Show.self), ("help-stage", StageCommand.self),
            ("help-stage-plan", StageCommand.Plan.self), ("help-stage-run", StageCommand.Run.self),
            ("help-selftest", SelftestCommand.self), ("help-network", NetworkCommand.self),
            ("help-network-set", NetworkCommand.Set.self), ("help-network-dhcp", NetworkCommand.Lease.self),
            ("help-media", MediaCommand.self), ("help-media-list", MediaCommand.List.self),
            ("help-media-copy", MediaCommand.Copy.self),
            ("help-report", ReportCommand.self), ("help-console", ConsoleCommand.self),
        ] as [(String, any ParsableCommand.Type)])
    func help(name: String, command: any ParsableCommand.Type) throws {
        try Snapshot.check(AgentCommand.helpMessage(for: command, columns: 80), name)
    }

    @Test("Completions name every visible command", arguments: [CompletionShell.bash, .zsh, .fish])
    func completions(shell: CompletionShell) {
        let script = AgentCommand.completionScript(for: shell)
        for command in [
            "status", "boot-times", "upgrade", "rollback", "reset", "install", "mark-good", "switch", "boot-env",
            "plan", "selftest", "network", "media",
        ] {
            #expect(script.contains(command))
        }
        #expect(!script.contains("boot-failed"))
    }

    @Test("Every exit status is in the manual of the program, and its help says where", arguments: AgentExit.allCases)
    func statuses(status: AgentExit) {
        #expect(AgentCommand.text.statuses.contains { $0.number == status.rawValue })
        #expect(AgentCommand.helpMessage(columns: 80).contains("\nExit statuses: man lifeboot\n"))
    }

    @Test("Verbs stand in groups, and those that only units run are not shown")
    func groups() {
        let text = AgentCommand.helpMessage(columns: 80)
        for group in ["STATUS", "UPDATE", "INSTALLATION AND RECOVERY", "CONFIGURATION", "DISK AND LOADER", "UNIT"] {
            #expect(text.contains("\n\(group) SUBCOMMANDS:\n"), "\(group)")
        }
        #expect(AgentCommand.configuration.ungroupedSubcommands.isEmpty)
        for verb in ["record-boot", "boot-failed", "watch-medium"] { #expect(!text.contains(verb)) }
    }

    @Test(
        "Commands parse what their help says",
        arguments: [
            ["status", "--json"], ["boot-times", "--json", "--svg", "x.svg"], ["boot-times"],
            ["mark-good", "--dry-run", "--json"], ["switch", "passive", "--once", "--force"],
            ["boot-env", "show", "--json"], ["boot-env", "check"], ["boot-env", "repair", "--dry-run"],
            ["plan", "--command-line", "quiet", "--layout", "x.yaml", "--existing", "/etc,/var", "--json"],
            ["selftest"], ["upgrade"], ["upgrade", "--check", "--json"], ["rollback", "--dry-run", "--json"],
            ["upgrade", "dir:/x", "--with-recovery", "--reboot"], ["rollback", "--reboot"],
            ["upgrade-recovery", "--dry-run", "--json"],
            ["upgrade", "oci://r.example/os:1", "--only", "recovery", "--dry-run", "--allow-downgrade"],
            [
                "upgrade", "dir:/x", "--allow-unsigned", "--no-full-download", "--allow-giving-up-passive",
                "--no-strict",
            ],
            ["upgrade", "--auth-file", "/a", "--ca", "/b"], ["grub", "--dry-run", "--retry"], ["grow", "--json"],
            ["reset", "--persistent", "--oem", "--source", "dir:/x", "--dry-run", "--json", "--no-strict", "--reboot"],
            ["reset", "--schedule", "--persistent"], ["reset", "--unschedule"], ["reset", "--resume", "--reboot"],
            ["reset", "--schedule", "--source", "oci://r.example/os:1", "--reboot"],
            ["reset", "--resume", "--allow-unsigned", "--auth-file", "/a", "--ca", "/b", "--no-strict"],
            ["reset", "--persistent", "--encrypt"], ["reset", "--resume", "--passphrase-file", "/p"],
            [
                "install", "/dev/vda", "--sizes", "oem=64M,recovery=2G,state=8G,persistent=rest", "--force",
                "--poweroff",
            ],
            ["install", "/dev/vda", "--partitions", "prepared", "--encrypt", "--key-file", "/k", "--oem-from", "/o"],
            ["install", "--unattended", "--dry-run"], ["install", "--unattended", "--no-strict", "--json"],
            [
                "image", "pull", "oci://r.example/os:1", "/x", "--have", "/a", "--have", "/b", "--keys", "/k",
                "--allow-unsigned", "--json", "--plain-http", "--no-full-download", "--auth-file", "/a", "--ca", "/c",
            ],
            ["upgrade", "oci:/x", "--kernel-version", "6.1", "--allow", "modules", "--allow", "history"],
            ["image", "pull", "oci:/x", "/y", "--kernel-version", "6.1", "--allow", "modules"],
            ["install", "/dev/vda", "--source", "oci:/x", "--kernel-version", "6.1", "--allow", "tmp"],
            ["reset", "--source", "oci:/x", "--kernel-version", "6.1", "--allow", "tmp"],
            ["network"], ["network", "--json"], ["network", "dhcp", "eth0", "--dry-run", "--json"],
            ["network", "set", "eth0", "192.0.2.10/24", "--gateway", "192.0.2.1", "--dns", "::1", "--dns", "::2"],
            ["media"], ["media", "--json"], ["media", "--release"], ["media", "copy", "/a", "/dev/sda1", "--json"],
            ["media", "look", "/dev/sda"], ["record-boot"], ["boot-failed", "--deadline"],
        ])
    func parses(arguments: [String]) throws {
        _ = try AgentCommand.parseAsRoot(arguments)
    }

    @Test("What is said about a container image reaches the source")
    func container() throws {
        let parsed = try AgentCommand.parseAsRoot([
            "install", "/dev/vda", "--source", "oci:/x", "--kernel-version", "6.1", "--allow", "modules",
        ])
        let access = try #require(parsed as? InstallCommand).sources.access()
        #expect(access.kernelVersion == KernelVersion("6.1") && access.allowedChecks == ["modules"])
    }

    @Test(
        "What is not understood ends with status 64",
        arguments: [
            ["switch", "forward"], ["stauts"], ["switch"], ["upgrade", "--only", "passive"],
            ["upgrade", "--only", "active", "--with-recovery"], ["upgrade", "--check", "--reboot"],
            ["upgrade", "--dry-run", "--reboot"], ["rollback", "--dry-run", "--reboot"],
            ["reset", "--schedule", "--resume"],
            ["reset", "--resume", "--persistent"], ["reset", "--no-encrypt"], ["install"], ["image", "pull", "dir:/x"],
            ["reset", "--schedule", "--persistent", "--key-file", "/k"],
            ["install", "/dev/vda", "--unattended"], ["install", "--unattended", "--force"],
            ["install", "--unattended", "--sizes", "oem=64M"], ["install", "--unattended", "--source", "oci:/x"],
            ["install", "--unattended", "--partitions", "prepared"], ["install", "--unattended", "--encrypt"],
            ["install", "--unattended", "--oem-from", "/o"], ["install", "--unattended", "--poweroff"],
            ["install", "--unattended", "--grub-password-file", "/g"],
            ["install", "/dev/vda", "--sizes", "oem=many"],
            ["install", "/dev/vda", "--sizes", "swap=1G"],
            ["install", "/dev/vda", "--key-file", "/a", "--passphrase-file", "/b"],
            ["install", "/dev/vda", "--partitions", "prepared", "--sizes", "oem=1G"],
            ["reset", "--reboot", "--poweroff"], ["reset", "--source", "dir:"],
            ["reset", "--schedule", "--source", "oci://r.example/OS:1"],
            ["reset", "--schedule", "--source", "dir:/x", "--allow-unsigned"],
            ["reset", "--schedule", "--source", "dir:/x", "--auth-file", "/a"],
            ["reset", "--schedule", "--source", "dir:/x", "--ca", "/b"], ["reset", "--schedule", "--no-strict"],
            ["reset", "--unschedule", "--reboot"], ["reset", "--unschedule", "--poweroff"],
            ["reset", "--schedule", "--source", "dir:/x", "--kernel-version", "6.1"],
            ["reset", "--schedule", "--source", "dir:/x", "--allow", "modules"],
            ["upgrade", "oci:/x", "--allow", "nothing"], ["image", "pull", "oci:/x", "/y", "--allow", "nothing"],
        ])
    func usage(arguments: [String]) {
        #expect { try AgentCommand.parseAsRoot(arguments) } throws: {
            AgentCommand.exitCode(for: $0).rawValue == AgentExit.usage.rawValue
        }
    }
}
