package import ArgumentParser
package import CommandOutput
import ImageBuilding

/// Turns root filesystems into signed images and bootable disks: the verbs of the program `boatyard` but `serve`.
package struct BoatyardCommand: DocumentedCommand {
    /// What `--help` says.
    package static let configuration: CommandConfiguration = described(serving: [])

    /// The name of the program.
    package static let program = "boatyard"

    /// What help and manual say of the program.
    package static let text = VerbText(
        """
        Start with 'boatyard key generate -o keys', put keys/lifeboot.pub into your system's root filesystem as \
        /usr/lib/lifeboot/keys/NAME.pem, and turn that into an image with 'boatyard image build'. \
        'boatyard image publish' brings it to a registry, from where machines upgrade. Nothing here needs root, a \
        mount or a daemon. boatyard --version prints the version.
        """,
        statuses: [
            0: "done",
            1: "a check found something wrong",
            2: "something could not be done or found out",
        ],
        examples: [
            "Make a key pair": "boatyard key generate -o keys",
            "Make a signed image of a container image":
                "boatyard image build --from docker-archive:os.tar --key keys/lifeboot.key -o image",
            "Make a disk that boots it": "boatyard disk --image image --recovery image -o disk.raw",
        ])

    /// What `--help` says of a program that has further verbs.
    ///
    /// - Parameter serving: verbs that bring what is published to machines.
    package static func described(serving: [any ParsableCommand.Type]) -> CommandConfiguration {
        CommandConfiguration(
            commandName: program, abstract: "Build signed system images, and disks and media that boot them.",
            discussion: help,
            groupedSubcommands: [
                CommandGroup(
                    name: "Image", subcommands: [KeyCommand.self, ImageCommand.self, SignCommand.self]),
                CommandGroup(
                    name: "Disk and medium",
                    subcommands: [DiskCommand.self, ISOCommand.self, NetbootCommand.self]),
                CommandGroup(name: "Release", subcommands: [ChannelCommand.self] + serving),
                CommandGroup(
                    name: "Package",
                    subcommands: [
                        InitCommand.self, PackageCommand.self, LockCommand.self, CacheCommand.self,
                        RepositoryCommand.self, SolveCommand.self,
                    ]),
                CommandGroup(
                    name: "Tool", subcommands: [SchemaCommand.self, DoctorCommand.self, ProgramBillCommand.self]),
            ])
    }

    /// Makes a command without values.
    package init() {}

    /// Runs the program with the arguments of its process and ends it.
    package static func start() -> Never { CommandLineProgram.start(BoatyardCommand.self, named: "boatyard") }
}

/// A command of `boatyard` that does something.
package protocol BoatyardVerb: ReportingCommand {}

extension BoatyardVerb {
    /// Begins the lines on standard error.
    package static var program: String { "boatyard" }

    /// Words an error; every one means that something could not be done or found out.
    package static func failure(_ error: any Error) -> ReportedFailure {
        ReportedFailure(error, status: ExitStatus.undetermined)
    }
}

/// Groups what concerns images: `boatyard image`.
struct ImageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image", abstract: "Build, look at, check, compare and publish images.",
        subcommands: [
            ImageBuildCommand.self, ImageLintCommand.self, ImageInspectCommand.self, ImageVerifyCommand.self,
            ImageDiffCommand.self, ImagePublishCommand.self,
        ])
}
