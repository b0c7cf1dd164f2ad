import ArgumentParser
import CommandOutput
import ImageModel
import JSONText
import PackageModel
import PackageRepositories
import RegistryModel
import RepositoryPlanning

/// Checks a repository: `boatyard repository verify`.
struct RepositoryVerifyCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that a repository is signed, and has all that its index names.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Asks for every document and every layer; with --deep all of it is read and hashed.
        """,
        statuses: [
            0: "it is whole",
            1: "something is missing or damaged",
            2: "it could not be found out",
        ],
        examples: [
            "Read and hash all of it":
                "boatyard repository verify oci://registry.example/packages --key lifeboot.pub --deep"
        ])

    @OptionGroup
    var reading: RepositoryReadingOptions
    @Flag(help: "Read everything and compare digests.")
    var deep = false
    @Flag(help: "Print JSON.")
    var json = false

    func perform(_ output: Output) throws {
        var target = try reading.target()
        let opened = try reading.open(&target, output)
        let findings = try RepositoryVerifier.findings(opened, in: &target, isDeep: deep) { progress in
            if !json { output.report(progress) }
        }
        var document = opened.members
        document["count"] = .integer(Int64(opened.packages.count))
        document["findings"] = .array(
            findings.map { ["package": .string($0.package.identity), "cause": .string($0.cause)] })
        output.show(
            .object(document),
            lines: findings.isEmpty
                ? ["revision \(opened.known.index.revision), \(opened.packages.count) packages: ok"]
                : findings.map { "\($0.package.identity): \($0.cause)" })
        if !findings.isEmpty { throw ExitCode(ExitStatus.negative) }
    }
}

/// Pins a revision: `boatyard repository snapshot`.
struct RepositorySnapshotCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Pin a revision of a repository, and say how it is named.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        The newest revision, or the one of --snapshot, is kept under the tag index-<revision>. A revision that \
        was chosen stays good when it has expired; 'boatyard repository prune --keep' keeps it.

        Prints revision, reference and digest.
        """,
        statuses: [
            0: "it is pinned",
            2: "it is not",
        ],
        examples: [
            "Pin the newest revision":
                "boatyard repository snapshot oci://registry.example/packages --key lifeboot.pub"
        ])

    @OptionGroup
    var reading: RepositoryReadingOptions
    @Flag(help: "Say what would be done, but write nothing.")
    var dryRun = false
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func perform(_ output: Output) throws {
        let place = try reading.place()
        var target = try reading.target()
        let opened = try reading.open(&target, output)
        let line = "\(opened.known.index.revision) \(place)@\(opened.known.digest.registryText)"
        if dryRun { return output.plan("repository snapshot", opened.members, lines: [line]) }
        let isSet = try RepositorySnapshot.pin(opened, in: &target)
        let revisions = try RepositorySnapshot.revisions(upTo: opened.known.index.revision, in: &target)
        var details = opened.members
        details["revisions"] = .array(revisions.map { .integer($0) })
        output.end(
            OperationResult(
                "repository snapshot", changed: isSet, "Revision \(opened.known.index.revision) is pinned.",
                details: details), lines: [line])
    }
}
