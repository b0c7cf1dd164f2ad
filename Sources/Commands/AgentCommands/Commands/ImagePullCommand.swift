package import ArgumentParser
import ImageModel
import JSONText
import LinuxSystem
import RegistryModel
import SystemPackage
import Transactions

/// `lifeboot image pull`.
package struct ImagePullCommand: AgentVerb {
    /// What `lifeboot image pull --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Get an image into a folder.",
        discussion: """
            Fetches, verifies and reads back what `lifeboot upgrade` would, and then gives the folder its name: for a \
            stick that has no network at its other end, or before an upgrade (`lifeboot upgrade dir:FOLDER`). A \
            container image is made into an image. The parts that the images named by --have hold are copied from \
            there. Cancelled or cut, the same command goes on where it stopped; done already, it changes nothing. \
            Needs no root and no installed system. See docs/delta.md.
            """)

    @Argument(help: ArgumentHelp("Where the image is, as for `lifeboot upgrade`.", valueName: "source"))
    package var source: String

    @Argument(help: ArgumentHelp("The folder to make.", valueName: "folder"))
    package var folder: String

    @Option(help: ArgumentHelp("A folder of another image whose parts may be used; repeatable.", valueName: "folder"))
    package var have: [String] = []

    @Option(help: ArgumentHelp("A folder of keys that may sign, instead of this system's.", valueName: "folder"))
    package var keys: String?

    @Flag(help: "Accept an image that no trusted key has signed.")
    package var allowUnsigned = false

    @Flag(help: "Rather fail than fetch the image as a whole: for metered links.")
    package var noFullDownload = false

    @Flag(help: "Print JSON, one object a line (see docs/upgrading.md).")
    package var json = false

    /// How registries are reached.
    @OptionGroup package var registry: RegistryOptions

    @Flag(name: .customLong("plain-http"), help: "Speak to the registry without TLS.")
    package var plainHTTP = false

    /// Starts with the defaults.
    package init() {}

    /// Pulls.
    package func perform() throws {
        try Interruption.catchSignals()
        let reporter = OperationReporter(.chosen(json: json))
        defer { reporter.finish() }
        var image = try request().resolve(
            for: "pulling", running: nil, isCancelled: { Interruption.isRequested })
        if noFullDownload { image.mayFetchWhole = false }
        let pull = ImagePull(into: FilePath(folder), locals: have.map { FilePath($0) })
        let result = try pull.run(
            image, isCancelled: { Interruption.isRequested }, observer: reporter.report)
        reporter.finish()
        show(result, reporter)
    }

    private func request() throws -> SourceRequest {
        var request = try registry.request(for: source)
        request.allowsUnsigned = allowUnsigned
        request.allowsPlainHTTP = plainHTTP
        if let keys { request.keyDirectories = [FilePath(keys)] }
        return request
    }

    private func show(_ result: ImagePull.Result, _ reporter: OperationReporter) {
        if json {
            reporter.finish([
                "event": "end", "changed": .bool(result.isChanged), "image": .string(result.image.description),
                "requests": .integer(Int64(result.traffic.requests)),
                "bytes": .integer(Int64(result.traffic.bytesReceived)),
                "notes": .array(result.notes.map { .string($0) }),
            ])
        } else {
            Output.print(result.notes.map { "note: \($0)" } + ["\(folder) holds image \(result.image)."])
        }
    }
}
