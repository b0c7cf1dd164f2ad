import ArgumentParser
import CommandOutput
import Cryptography
import ImageModel
import JSONText
import PackageModel
import PackageRepositories
import RegistryAccess
import RegistryModel
import RepositoryPlanning
import SystemPackage

/// Publishes packages: `boatyard repository publish`.
struct RepositoryPublishCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Publish the packages of a layout beside those that are published.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Packages come first and the signed index last, so that readers see the old index or the new one, \
        wherever this is cut; publish again then. Others may publish at the same time. A version that is \
        published stays as it is: other content needs another version. The index counts for --days days, so \
        publish again before it expires, also when nothing has changed.

        Prints the index by digest.
        """,
        statuses: [
            0: "published",
            2: "not published, readers see what they saw",
        ],
        examples: [
            "Publish them":
                "boatyard repository publish layout oci://registry.example/packages --key lifeboot.key"
        ])

    @Argument(help: ArgumentHelp("The layout that 'repository create' made.", valueName: "layout"), completion: .file())
    var layout: String
    @Argument(help: ArgumentHelp("oci://host/repository, or oci:PATH for another layout.", valueName: "repository"))
    var repository: String
    @OptionGroup
    var publishing: PublishingOptions
    @Flag(help: "Say what would be done, but write nothing.")
    var dryRun = false
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func perform(_ output: Output) throws {
        let place = try RepositoryPlace(typed: repository)
        guard case .layout(let folder) = try RepositoryPlace(typed: layout) else {
            throw ValidationError("'\(layout)': name a layout, as 'boatyard repository create' makes it")
        }
        let source = try LayoutTarget(existing: SourceReference.Entry(folder))
        let key = try publishing.privateKey()
        var target = try place.open(publishing.registry.configuration(), makes: !dryRun)
        let publisher = try publishing.publisher(place, try key.publicKey())
        if dryRun {
            return Self.show(try publisher.planned(source, to: &target), output)
        }
        let published = try publisher.publish(source, to: &target, key: key) { output.report($0) }
        output.end(
            try Self.result(published, target.traffic.requests),
            lines: ["\(place)@\(published.known.digest.registryText)"])
    }

    private static func show(_ plan: PublishPlan, _ output: Output) {
        let added = (plan.added + plan.adopted).map(\.identity)
        output.plan(
            "repository publish",
            [
                "revision": .integer(plan.index.revision), "packages": .integer(Int64(plan.index.packages.count)),
                "added": .strings(added),
            ],
            lines: added.map { "add \($0)" } + [
                "revision \(plan.index.revision), \(plan.index.packages.count) packages"
            ])
    }

    private static func result(_ published: RepositoryPublisher.Publication, _ requests: Int) throws -> OperationResult
    {
        let index = published.known.index
        return OperationResult(
            "repository publish", changed: true,
            "Revision \(index.revision) is published, with \(published.added.count) new packages of \(index.packages.count).",
            notes: published.notes,
            details: [
                "revision": .integer(index.revision), "digest": .string(published.known.digest.registryText),
                "added": .strings(published.added.map(\.identity)),
                "adopted": .strings(published.adopted.map(\.identity)),
                "expires": .string(index.expires.description), "requests": .integer(Int64(requests)),
            ])
    }
}
