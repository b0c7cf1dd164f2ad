package import ArgumentParser
import BuilderCommands
package import CommandOutput
import LayoutServing
import LinuxSystem
import SystemPackage
import WebMessages
import WebServing

/// Serves layouts as a registry: `boatyard serve`.
package struct ServeCommand: BoatyardVerb {
    /// What `--help` says.
    package static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve OCI layouts as a registry that can only be read.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        Serves one layout under the name of its folder, or every layout below a folder under its path there, to \
        machines and to every program that pulls from registries. Nothing can be changed over the network; what \
        is published into a layout meanwhile counts at once. Plain files, such as what machines boot from over \
        the network, are served from --files below /files/.

        It speaks plain HTTP, so only this machine reaches it unless --listen says otherwise: docs/serving.md \
        says how TLS is put in front. SIGTERM and SIGINT end it, after the answers under way.
        """,
        statuses: [
            0: "stopped by a signal",
            2: "it cannot serve",
        ],
        examples: [
            "Serve a folder of layouts to machines nearby":
                "boatyard serve layouts --listen 0.0.0.0:5000"
        ])

    @Argument(help: ArgumentHelp("A layout, or a folder with layouts.", valueName: "folder"), completion: .directory)
    var folder: String?
    @Option(help: ArgumentHelp("Where to listen; port 0 for any that is free.", valueName: "address:port"))
    var listen: ListenAddress = .standard
    @Option(help: ArgumentHelp("The name of a single layout (default: that of its folder).", valueName: "name"))
    var name: String?
    @Option(
        help: ArgumentHelp("A folder with plain files, served below /files/.", valueName: "dir"), completion: .directory
    )
    var files: String?
    @Option(help: ArgumentHelp("The most connections at once; others wait.", valueName: "number"))
    var connections = ServingLimits().connections

    /// Makes a command without values.
    package init() {}

    /// Refuses what cannot be meant.
    package func validate() throws {
        guard folder != nil || files != nil else { throw ValidationError("name a folder with layouts, or --files") }
        guard folder != nil || name == nil else { throw ValidationError("--name needs a layout") }
        guard (1...10_000).contains(connections) else { throw ValidationError("--connections takes 1 to 10000") }
    }

    /// Serves until a signal comes.
    package func perform(_ output: Output) throws {
        let shelf = try folder.map { try LayoutShelf(FilePath($0), name: name) }
        let answers = try ShelfAnswers(shelf, files: files.map { FilePath($0) }) { Self.remark($0) }
        // Before there are threads, which take over what is held.
        try Interruption.holdSignals()
        let end = try WakeSignal()
        var limits = ServingLimits()
        limits.connections = connections
        let server = try WebServer(listen, limits, answering: answers) { end.raise() }
        output.print(["http://\(server.address)/\(folder == nil ? "files/" : "")"])
        output.remark("serving \(try subjects(shelf).joined(separator: " and "))")
        warn(output, server)
        guard DetachedWork.start({ if Interruption.next() != nil { end.raise() } }) else { throw ServeError.noThread }
        _ = try end.wait(until: .never)
        guard server.isListening else { throw ServeError.ended }
        output.remark("stopping: answers under way have \(limits.stopTime.components.seconds) seconds to end")
        try server.stop()
    }

    private func subjects(_ shelf: LayoutShelf?) throws -> [String] {
        let plain = files.map { "the files of \($0)" }
        guard let shelf, let folder else { return [plain].compactMap(\.self) }
        let count = try shelf.repositories().count
        return ["\(count) \(count == 1 ? "repository" : "repositories") of \(folder)", plain].compactMap(\.self)
    }

    private func warn(_ output: Output, _ server: WebServer) {
        guard !server.address.isLoopback else { return }
        output.warn(
            "everybody who reaches \(server.address) can read all of this, and over plain HTTP others see what is read. "
                + "Machines check signatures, not the way; for secrecy put TLS in front (docs/serving.md)")
    }

    /// Says on standard error what a thread of the server could not read.
    private static func remark(_ text: String) { Output(program, .lines).say(text) }
}

extension ListenAddress: ExpressibleByArgument {
    /// Reads an argument.
    package init?(argument: String) { self.init(argument) }

    /// The address as help shows it.
    package var defaultValueDescription: String { description }
}
