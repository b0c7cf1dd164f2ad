import ArgumentParser
import CommandOutput
import ImageModel
import JSONText
import PackageRepositories
import RegistryAccess
import RegistryModel
import RepositoryPlanning

/// Deletes what no index names: `boatyard repository prune`.
struct RepositoryPruneCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Delete old indexes of a repository, and packages that no index names any more.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        The newest indexes stay, and all that they name; so does what somebody is publishing at the moment. \
        Packages that were stored by a publication that was cut are deleted. The registry frees the room when it \
        collects its garbage; in a layout it is free at once.
        """,
        statuses: [
            0: "deleted, or nothing to delete",
            2: "not all was deleted: run it again with --resume",
        ],
        examples: [
            "See what could be deleted":
                "boatyard repository prune oci://registry.example/packages --key lifeboot.pub --dry-run"
        ])

    @OptionGroup
    var reading: RepositoryReadingOptions
    @Option(help: ArgumentHelp("How many published indexes stay.", valueName: "number"))
    var keepSnapshots = RepositoryPruner.standardCount
    @Option(help: ArgumentHelp("A revision that stays besides; as often as needed.", valueName: "number"))
    var keep: [Int64] = []
    @Flag(help: "Go on after a prune that was cut; nobody else may prune now.")
    var resume = false
    @Flag(help: "Say what would be done, but write nothing.")
    var dryRun = false
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func validate() throws {
        guard keepSnapshots >= 1 else { throw ValidationError("--keep-snapshots takes a number from 1 on") }
        guard reading.snapshot == nil else { throw ValidationError("--snapshot does not go with prune; use --keep") }
    }

    func perform(_ output: Output) throws {
        let place = try reading.place()
        var target = try reading.target()
        let opened = try reading.open(&target, output)
        var pruner = RepositoryPruner(keys: try reading.trust.keys())
        pruner.count = keepSnapshots
        pruner.resumes = resume
        pruner.revisions = Set(keep)
        let plan = try pruner.plan(opened, in: &target)
        if dryRun {
            return output.plan(
                "repository prune", ["deleted": Self.json(plan.deletions)], lines: Self.lines(plan.deletions))
        }
        let deleted = try pruner.run(plan, in: &target) { output.report($0) }
        let freed = try sweep(place, pruner)
        output.end(
            OperationResult(
                "repository prune", changed: !deleted.isEmpty, "\(deleted.count) documents were deleted.",
                details: ["deleted": Self.json(deleted), "freed": freed.map { .integer($0) } ?? .null]),
            lines: Self.lines(deleted))
    }

    /// Frees the room in a layout; a registry does it by itself.
    private func sweep(_ place: RepositoryPlace, _ pruner: RepositoryPruner) throws -> Int64? {
        guard case .layout(let path) = place else { return nil }
        var layout = try LayoutTarget(existing: SourceReference.Entry(path))
        return try pruner.sweep(&layout)
    }

    private static func lines(_ deletions: [PrunePlan.Deletion]) -> [String] {
        deletions.map { "\($0.tag) \($0.digest.registryText)" }
    }

    private static func json(_ deletions: [PrunePlan.Deletion]) -> JSONValue {
        .array(deletions.map { ["tag": .string($0.tag), "digest": .string($0.digest.registryText)] })
    }
}
