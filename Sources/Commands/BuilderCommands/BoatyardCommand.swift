package import ArgumentParser

/// Turns root filesystems into signed images and bootable disks: the program `boatyard`.
package struct BoatyardCommand: ParsableCommand {
    /// What the program ends with when a check found something wrong.
    static let negative = ExitCode(1)
    /// What the program ends with when something could not be done or found out.
    static let undetermined = ExitCode(2)

    /// What `--help` says.
    package static let configuration = CommandConfiguration(
        commandName: "boatyard",
        abstract: "Build signed system images and disks that boot them.",
        discussion: """
            Start with 'boatyard key generate -o keys', put keys/lifeboot.pub into your system's root filesystem as \
            /usr/lib/lifeboot/keys/NAME.pem, and turn that into an image with 'boatyard image build'. \
            'boatyard image publish' brings it to a registry, from where machines upgrade. Nothing here needs root, a \
            mount or a daemon.

            Exit status: 0 done; 1 a check found something wrong; 2 something could not be done or found out; 64 the \
            command line was not understood.
            """,
        subcommands: [KeyCommand.self, ImageCommand.self, DiskCommand.self, SignCommand.self, ChannelCommand.self])

    /// Makes a command without values.
    package init() {}

    /// Runs the program with the arguments of its process and ends it.
    package static func start() -> Never {
        do {
            var command = try parseAsRoot()
            try command.run()
            exit()
        } catch let error where isArgumentParsers(error) {
            exit(withError: error)
        } catch {
            Console.say("boatyard: \(error)")
            exit(withError: undetermined)
        }
    }

    /// Says whether ArgumentParser knows what to print and which status to end with.
    private static func isArgumentParsers(_ error: any Error) -> Bool {
        error is ExitCode || error is CleanExit || exitCode(for: error) != .failure
    }
}
