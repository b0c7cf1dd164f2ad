package import ArgumentParser
package import CommandOutput
import DiskContract
import Faults
import ImageFolders
import ImageModel
import ImagePlanning
import ImageSources
import JSONText
import LinuxSystem
import RegistryModel
import SystemPackage
import TransactionPlanning
import Transactions

/// `lifeboot image pull`.
package struct ImagePullCommand: AgentVerb {
    /// What `lifeboot image pull --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Get an image into a folder.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        Fetches, verifies and reads back what `lifeboot upgrade` would, and then gives the folder its name: for \
        a stick that has no network at its other end, or before an upgrade (`lifeboot upgrade dir:FOLDER`). A \
        container image is made into an image. The parts that the images named by --have hold are copied from \
        there. Cancelled or cut, the same command goes on where it stopped; done already, it changes nothing. \
        Needs no root and no installed system. See docs/delta.md.
        """,
        examples: [
            "Fetch an image for a machine without a network":
                "lifeboot image pull oci://registry.example/os/appliance:2 /media/stick/image"
        ])

    @Argument(help: ArgumentHelp("Where the image is, as for `lifeboot upgrade`.", valueName: "source"))
    package var source: String

    @Argument(help: ArgumentHelp("The folder to make.", valueName: "folder"), completion: .directory)
    package var folder: String

    @Option(
        help: ArgumentHelp("A folder of another image whose parts may be used; repeatable.", valueName: "folder"),
        completion: .directory)
    package var have: [String] = []

    @Option(
        help: ArgumentHelp("A folder of keys that may sign, instead of this system's.", valueName: "folder"),
        completion: .directory)
    package var keys: String?

    @Flag(help: "Accept an image that no trusted key has signed.")
    package var allowUnsigned = false

    @Flag(help: "Rather fail than fetch the image as a whole: for metered links.")
    package var noFullDownload = false

    @Flag(help: "Say what would be fetched, but write nothing.")
    package var dryRun = false

    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    package var json = false

    /// How an image is made out of a container image.
    @OptionGroup package var container: ContainerOptions

    /// How registries are reached.
    @OptionGroup package var registry: RegistryOptions

    @Flag(name: .customLong("plain-http"), help: "Speak to the registry without TLS.")
    package var plainHTTP = false

    /// Starts with the defaults.
    package init() {}

    /// Pulls.
    package func perform(_ output: Output) throws {
        try checkFolders()
        try Interruption.catchSignals()
        let sources = try registry.access().sources(
            keyFolders: keys.map { [FilePath($0)] } ?? SystemSeal().keyDirectories)
        let image = try sources.resolve(request, for: "pulling")
        let pull = ImagePull(into: FilePath(folder), locals: have.map { FilePath($0) })
        if dryRun { return try plan(pull, image.candidate, output) }
        let result = try pull.run(
            image, isCancelled: { Interruption.isRequested }, observer: output.report)
        output.end(described(result), lines: lines(result))
    }

    /// Refuses folders that were named and are not there: nothing would be trusted, or nothing be copied, without a word.
    private func checkFolders() throws {
        for (option, path) in [("--keys", keys)] + have.map({ ("--have", $0) }) {
            guard let path, try FileStatus.of(FilePath(path))?.kind != .directory else { continue }
            throw Refusal(
                .notFound, "taking \(option)", path, cause: "there is no such folder",
                remedy: "Check the path, or take the option out of the command.")
        }
    }

    private var request: SourceRequest {
        var request = SourceRequest(source)
        request.allowsUnsigned = allowUnsigned
        request.refusesFullDownload = noFullDownload
        request.allowsPlainHTTP = plainHTTP
        request.kernelVersion = container.kernelVersion.map { KernelVersion($0) }
        request.allowedChecks = Set(container.allow)
        return request
    }

    private func plan(_ pull: ImagePull, _ candidate: ImageCandidate, _ output: Output) throws {
        let progress = StepProgress(
            observer: { if !json { output.report($0) } }, isCancelled: { Interruption.isRequested })
        let held = try pull.held(candidate, progress)
        let nothing = held.map { "\(folder) holds image \($0)." }
        output.plan(
            "image pull", ["changed": .bool(held == nil), "image": candidate.json],
            lines: [nothing ?? "\(candidate.title) would be fetched into \(folder)."])
    }

    private func lines(_ result: ImagePull.Result) -> [String] {
        result.notes.map { "note: \($0)" } + [described(result).message]
    }

    private func described(_ result: ImagePull.Result) -> OperationResult {
        OperationResult(
            "image pull", changed: result.isChanged, "\(folder) holds image \(result.image).", notes: result.notes,
            details: [
                "image": .string(result.image.description), "requests": .integer(Int64(result.traffic.requests)),
                "bytes": .integer(Int64(result.traffic.bytesReceived)),
            ])
    }
}

/// Groups what concerns images that do not boot: `lifeboot image`.
package struct StoredImageCommand: ParsableCommand {
    /// What `lifeboot image --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "image", abstract: "Get images without deploying them.", subcommands: [ImagePullCommand.self])

    /// Takes no options of its own.
    package init() {}
}
