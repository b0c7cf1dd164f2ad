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

/// Takes packages out of a repository: `boatyard repository remove`.
struct RepositoryRemoveCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Publish an index that does not name some packages any more.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        A name means all versions; 'app/tide=1.0' means one, 'app/tide < 2' those below. The new revision is \
        published as by 'repository publish': readers see the old index or the new one. What a package that \
        stays requires is not removed, unless another package provides it. Earlier revisions name the packages \
        as before, and what they consist of stays, until 'boatyard repository prune' deletes what no kept \
        revision names.

        Prints the index by digest.
        """,
        statuses: [
            0: "removed",
            2: "not removed, readers see what they saw",
        ],
        examples: [
            "Hide one version":
                "boatyard repository remove oci://registry.example/packages app/tide=1.0 --key lifeboot.key"
        ])

    @Argument(help: ArgumentHelp("oci://host/repository, or oci:PATH for a layout.", valueName: "repository"))
    var repository: String
    @Argument(help: ArgumentHelp("Which packages.", valueName: "request"))
    var requests: [String]
    @OptionGroup
    var publishing: PublishingOptions
    @Flag(help: "Say what would be done, but write nothing.")
    var dryRun = false
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func perform(_ output: Output) throws {
        let wanted = try requests.map { try PackageRequest(parsing: $0) }
        let place = try RepositoryPlace(typed: repository)
        let key = try publishing.privateKey()
        var target = try place.open(publishing.registry.configuration())
        let publisher = try publishing.publisher(place, try key.publicKey())
        if dryRun {
            let (removed, plan) = try publisher.plannedRemoval(of: wanted, from: &target)
            return Self.show(removed.map(\.identity), plan.index, output)
        }
        let published = try publisher.remove(wanted, from: &target, key: key)
        let index = published.known.index
        let count = published.removed.count == 1 ? "1 package" : "\(published.removed.count) packages"
        output.end(
            OperationResult(
                "repository remove", changed: true,
                "Revision \(index.revision) is published without \(count); \(index.packages.count) stay.",
                notes: published.notes,
                details: [
                    "revision": .integer(index.revision), "digest": .string(published.known.digest.registryText),
                    "removed": .strings(published.removed.map(\.identity)),
                    "expires": .string(index.expires.description),
                    "requests": .integer(Int64(target.traffic.requests)),
                ]), lines: ["\(place)@\(published.known.digest.registryText)"])
    }

    private static func show(_ removed: [String], _ index: RepositoryIndex, _ output: Output) {
        output.plan(
            "repository remove",
            [
                "revision": .integer(index.revision), "packages": .integer(Int64(index.packages.count)),
                "removed": .strings(removed),
            ],
            lines: removed.map { "remove \($0)" } + ["revision \(index.revision), \(index.packages.count) packages"])
    }
}
