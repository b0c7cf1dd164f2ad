package import ArgumentParser
package import CommandOutput
import Cryptography
package import ImagePlanning
import Plans
import SystemPackage
import TransactionPlanning
import Transactions

/// `lifeboot install`.
package struct InstallCommand: AgentVerb {
    /// What `lifeboot install --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Put a system on a disk, from live media or from recovery.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        Everything on the disk is lost. Refused when the disk is in use, whatever is forced, and when it holds \
        an installation, unless forced. Active and recovery both get the image that runs, or that of --source; \
        what a live medium has in oem/ goes on the OEM partition; GRUB is the running image's. What makes a \
        firmware find the disk is written last. Must run as root. See docs/installing.md.

        With --unattended a live medium's install.yaml says which disk and all else; what is done is shown on \
        every console. Unless that speaks of exactly one disk nothing is done, and neither is it on a disk that \
        has this installation.
        """,
        examples: [
            "See what would be written to a disk":
                "lifeboot install /dev/sda --dry-run",
            "Install what runs, encrypted, and switch off":
                "lifeboot install /dev/sda --encrypt --poweroff",
            "Install another image":
                "lifeboot install /dev/sda --source oci://registry.example/os/appliance:2",
        ])

    /// What the partitions are.
    package enum Partitions: String, ExpressibleByArgument, CaseIterable, Sendable {
        /// A new table.
        case new
        /// Those that are there.
        case prepared
    }

    @Argument(help: ArgumentHelp("The disk, such as /dev/sda.", valueName: "disk"), completion: .file())
    package var disk: String?

    @Flag(help: "Install as the medium's install.yaml says, on the disk that it speaks of.")
    package var unattended = false

    /// The source and how it is reached.
    @OptionGroup package var sources: SourceOptions

    @Option(
        help: ArgumentHelp(
            "Sizes of boot, oem, recovery, state and persistent: oem=64M,state=8G,persistent=rest.",
            valueName: "list"))
    package var sizes: PartitionSizes?

    @Option(help: "Make a new partition table, or use partitions that were prepared, by PARTLABEL.")
    package var partitions = Partitions.new

    @Flag(help: "Overwrite an installation.")
    package var force = false

    /// How the persistent partition is encrypted.
    @OptionGroup package var keys: KeyOptions

    @Option(help: ArgumentHelp("What goes on the OEM partition.", valueName: "folder"), completion: .directory)
    package var oemFrom: String?

    @Option(
        help: ArgumentHelp(
            "Ask for a password (the first line of a file) before GRUB's editor and shell.", valueName: "file"),
        completion: .file())
    package var grubPasswordFile: String?

    @Flag(help: "Say what would be done, step by step, but write nothing.")
    package var dryRun = false

    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    package var json = false

    @Flag(help: "Go on when a hook fails.")
    package var noStrict = false

    /// What the machine does afterwards.
    @OptionGroup package var end: EndOptions

    /// Starts with the defaults.
    package init() {}

    /// Rejects sizes for partitions that are there already, and a second word where the medium has the say.
    package func validate() throws {
        guard unattended || disk != nil else { throw ValidationError("Missing expected argument '<disk>'") }
        if unattended, isFurtherAsked {
            throw ValidationError(
                "--unattended goes with --dry-run, --json and --no-strict alone: install.yaml says all else.")
        }
        if partitions == .prepared, sizes != nil {
            throw ValidationError("Partitions that were prepared have their sizes already.")
        }
    }

    /// Whether something is asked for that `install.yaml` says.
    private var isFurtherAsked: Bool {
        disk != nil || sources.source != nil || sizes != nil || partitions != .new || force || oemFrom != nil
            || grubPasswordFile != nil || keys.protection != nil || end.reboot || end.poweroff
    }

    /// Installs, or prints the steps.
    package func perform(_ output: Output) throws {
        guard let disk else { return try performUnattended(output) }
        var request = InstallRequest(
            disk: FilePath(disk),
            partitions: partitions == .prepared ? .prepared : .new((sizes ?? PartitionSizes()).sizes))
        request.isForced = force
        request.protection = keys.protection ?? PersistentProtection.none
        request.oemFiles = oemFrom.map { FilePath($0) }
        request.grubPassword = try grubPasswordFile.map { try GrubPassword.hash(firstLineOf: FilePath($0)) }
        let operation = try InstallOperation(
            request, key: keys.key, source: sources.source, access: try sources.access(), hooksAreStrict: !noStrict,
            observer: output.report)
        if dryRun {
            let plan = try operation.plan()
            return output.plans("install", [plan])
        }
        let (outcome, title, device) = try operation.run()
        OperationProgress.forgetFailure()
        output.end(OperationResult("install", changed: true, "\(title) was installed on \(device).", outcome))
        try end.perform()
    }
}

/// The sizes of partitions as `--sizes` takes them: `oem=64M,recovery=2G,state=8G,persistent=rest`.
package struct PartitionSizes: ExpressibleByArgument, Equatable, Sendable {
    /// The sizes; what is not named has its default.
    package private(set) var sizes = DiskSizes()

    /// Takes the defaults.
    package init() {}

    /// Reads the text; nil when a name or size is not understood, or a name comes twice.
    package init?(argument: String) {
        var seen: Set<String> = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, seen.insert(pair[0]).inserted, set(pair[0], to: pair[1]) else { return nil }
        }
    }

    private mutating func set(_ name: String, to text: String) -> Bool {
        if name == "persistent", text == "rest" {
            sizes.persistent = nil
            return true
        }
        guard let size = ByteCount(argument: text)?.bytes else { return false }
        switch name {
        case "boot": sizes.boot = size
        case "oem": sizes.oem = size
        case "recovery": sizes.recovery = size
        case "state": sizes.state = size
        case "persistent": sizes.persistent = size
        default: return false
        }
        return true
    }
}
