import ArgumentParser
import BuildPlanning
import CommandOutput
import ContainerBuilds
import Faults
import JSONText
import LinuxSystem
import PackageBuilding
import PackageModel
import PackageSpecs
import SystemPackage

/// Builds packages: `boatyard package build`.
struct PackageBuildCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build packages in containers, as far as something has changed.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Builds the packages that are named, or all of the layer, and everything that they are built on: each in \
        a container of its own, without a network unless its file asks for one. What has been made of the same \
        inputs is taken from the cache; a package whose bytes stay the same is the last one that is built. \
        docs/packages.md describes the files.

        Caches elsewhere are asked before something is built, and what a trusted key has signed there is taken: \
        it is built all the same when none has it, or none answers.

        What the layer uses from outside is noted in boatyard.lock. A build without a lock writes one; a build \
        with one uses what it says. Needs root, or a user with subordinate ids: 'boatyard doctor --for package' \
        says what is missing. Nothing is left behind by a build that is interrupted.
        """,
        statuses: [
            0: "all packages are there",
            1: "with --dry-run, something would be built",
            2: "something could not be built or found out",
        ],
        examples: [
            "Build what has changed":
                "boatyard package build",
            "See what would be built":
                "boatyard package build --dry-run",
        ])

    @Argument(help: ArgumentHelp("Packages (default: all of the layer).", valueName: "category/name"))
    var names: [String] = []
    @OptionGroup(title: "Which layer")
    var layer: LayerOptions
    @OptionGroup(title: "Caches elsewhere")
    var remote: RemoteCacheOptions
    @OptionGroup(title: "How containers are built")
    var containers: ContainerBuildOptions
    @Option(help: ArgumentHelp("Build this package whatever has changed. As often as needed.", valueName: "name"))
    var rebuild: [String] = []
    @Flag(help: "Say what would be built and why, and build nothing.")
    var dryRun = false
    @Flag(help: "Say for what is in the cache, too, how it was found.")
    var explain = false
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func perform(_ output: Output) throws {
        var session = try layer.session(output)
        let inside = Enclosure.entered
        if inside == nil { try BuildStart.complete(&session, locked: containers.locked, output) }
        var builder = try session.builder(inside ?? containers.storage, keepsFailed: containers.keepFailed)
        builder.rebuilt = Set(try session.packages(named: rebuild).map(\.name))
        let wanted = names.isEmpty ? nil : try session.packages(named: names)
        let report = PackageBuildReport(output, explains: explain)
        let caches = try remote.caches(of: session)
        (builder.remote, builder.jobs) = (caches, dryRun ? 1 : containers.jobs)
        guard let inside else { return try start(session, &builder, wanted, report) }
        let lock = try BuildLock(session.cache)
        let summary = try withExtendedLifetime(lock) {
            Buildah(BuildStore(in: session.cache.folder, inside)).removeAll()
            return try builder.run(wanted) { report.tell($0) }
        }
        try report.end(summary, written: try remote.push(session, summary, to: caches, report))
    }

    /// Looks what there is to do; when there is something, and it may be done, that is done inside.
    private func start(
        _ session: LayerSession, _ builder: inout PackageBuilder<ContainerMaker>, _ wanted: [PackageSpec]?,
        _ report: PackageBuildReport
    ) throws {
        builder.isDry = true
        if !dryRun { builder.looking = .untilDue }
        var events: [BuildEvent] = []
        let summary = try builder.run(wanted) { events.append($0) }
        if dryRun || summary.due.isEmpty {
            for event in events { report.tell(event) }
            let written =
                try dryRun ? nil : builder.remote.flatMap { try remote.push(session, summary, to: $0, report) }
            try report.end(summary, written: written)
            if !summary.due.isEmpty { throw ExitCode(ExitStatus.negative) }
            return
        }
        try BuildStart.inside(session, containers.storage)
    }
}
