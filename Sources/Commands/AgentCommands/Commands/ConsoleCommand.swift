package import ArgumentParser
package import CommandOutput
import Faults
import ImageFolders
import ImageSources
import InstalledSystem
import LinuxSystem
import RecoverySession
import ReleaseModel
import SystemPackage
import Terminals

/// `lifeboot console`, run by lifeboot-console@.service at each terminal.
package struct ConsoleCommand: AgentVerb {
    /// What `lifeboot console --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "console",
        abstract: "Show at this terminal what runs, and offer repairs, or the installation of a live system.",
        discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        Keys are taken from standard input, which has to be a terminal. Every choice shows the plan of a verb of \
        lifeboot first, and runs that verb. What is offered without a login is the key `console` of the \
        configuration. See docs/recovery.md and docs/media.md.
        """,
        examples: ["See what recovery and live systems show at their terminals": "lifeboot console"])

    /// Takes no options.
    package init() {}

    /// Runs until the terminal is hung up, or somebody logs in.
    package func perform(_ output: Output) throws {
        guard Machine().isRoot else { throw Refusal.notRoot("console") }
        let (policy, channel) = Self.settings()
        if policy == .login {
            throw Refusal(
                .impossible, "showing", "the login", cause: ConsoleLogin.become(isLimited: false),
                remedy: "Install agetty (util-linux) into the image.")
        }
        let isOwned = try? ConsoleOwnership.take(ThisProcess.terminalName)
        defer { withExtendedLifetime(isOwned) {} }
        var session = ConsoleSession(try LiveConsole(policy: policy, channel: channel))
        session.run()
    }

    /// What the configuration says; a configuration that cannot be read allows as little as a sealed system.
    static func settings(
        _ files: [FilePath] = AgentConfiguration.files, seal: SystemSeal = SystemSeal()
    ) -> (policy: ConsolePolicy, channel: String?) {
        guard let configuration = try? ConfigurationFiles.read(files, seal: seal) else { return (.status, nil) }
        return (configuration.console ?? .standard(isSealed: seal.isSealed), configuration.channel)
    }
}
