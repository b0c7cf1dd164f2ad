package import Cryptography
import Faults
import ImageModel
import PackageModel
package import RegistryAccess
package import RegistryModel
package import RepositoryPlanning

/// Deletes from a repository what no index names any more.
///
/// Indexes that somebody may be about to publish are never touched, nor what they name: see `PruneMark`.
package struct RepositoryPruner: Sendable {
    /// How many published indexes stay when nobody says.
    package static let standardCount = 20
    /// The most revisions after the newest one that are looked at.
    private static let mostAnnounced = 1_000

    /// How many published indexes stay, the newest one among them.
    package var count = standardCount
    /// Further revisions that stay.
    package var revisions: Set<Int64> = []
    /// Whether a prune that left its mark was cut, and nobody else prunes now.
    package var resumes = false
    /// Whose signature of an index counts.
    package var keys: [TrustedKey]?

    /// Prunes what has no signature of other keys.
    package init(keys: [TrustedKey]?) { self.keys = keys }

    /// Finds out what goes.
    ///
    /// - Parameter opened: the repository, opened at its newest index.
    /// - Throws: as the target; as `RepositoryArtifact.read` for an index that stays.
    package func plan(
        _ opened: RepositoryReader.Opened, in target: inout some RepositoryTarget & ~Copyable
    ) throws -> PrunePlan {
        let scope = PruneScope(
            tags: try target.tags(), newest: opened.known.index.revision, keeping: count, and: revisions)
        var keep = PruneKeep()
        keep.keep(opened.known)
        for tag in scope.kept {
            guard let document = try target.manifest(tag: tag), document.digest != opened.known.digest else { continue }
            keep.keep(try RepositoryArtifact.read(document, from: &target, keys: keys).known)
        }
        var old: [PrunePlan.Deletion] = []
        for tag in scope.old {
            guard let document = try target.manifest(tag: tag) else { continue }
            old.append(PrunePlan.Deletion(tag: tag, digest: document.digest))
            old += try Self.named(by: document, tag, in: &target)
        }
        var doubtful: [PrunePlan.Deletion] = []
        for tag in scope.questionable where keep.isDoubtful(tag) {
            guard let document = try target.manifest(tag: tag) else { continue }
            doubtful.append(PrunePlan.Deletion(tag: tag, digest: document.digest))
        }
        var plan = PrunePlan(old: old, doubtful: doubtful, keeping: keep)
        plan.deletions = Array(plan.deletions.prefix(PruneMark.limit))
        return plan
    }

    /// What an old index names; nothing when it is no index that can be read.
    private static func named(
        by document: ManifestDocument, _ tag: String, in target: inout some RepositoryTarget & ~Copyable
    ) throws -> [PrunePlan.Deletion] {
        guard let (known, _) = try? RepositoryArtifact.read(document, from: &target, keys: nil) else { return [] }
        return known.index.packages.flatMap { package in
            [package.manifest, package.details].compactMap { $0 }.map { PrunePlan.Deletion(tag: tag, digest: $0) }
        }
    }

    /// Deletes what a plan says, but for what somebody announced since.
    ///
    /// - Parameter report: is told before each deletion.
    /// - Returns: what was deleted.
    /// - Throws: `PackageRepositoryError` (`busy`) when there is the mark of another prune; as the target: `denied` where nobody
    ///   may delete.
    package func run(
        _ plan: PrunePlan, in target: inout some RepositoryTarget & ~Copyable,
        report: (TransferProgress) -> Void = { _ in }
    ) throws -> [PrunePlan.Deletion] {
        let other = try PruneMark.read(in: &target)
        guard other == nil || resumes else {
            throw PackageRepositoryError(
                .busy, "pruning", "the repository", cause: "somebody else prunes it, or a prune was cut",
                remedy: "Wait until it has ended; if it was cut, add --resume.")
        }
        if plan.deletions.isEmpty, other == nil { return [] }
        // What the other one wanted to delete may be half gone.
        let doomed = Set(plan.deletions.map(\.digest)).union(other?.digests ?? [])
        let mark = try PruneMark(digests: doomed).put(in: &target)
        let spared = plan.sparing(try named(in: &target))
        for deletion in spared.deletions {
            report(TransferProgress("deleting \(deletion.tag)", done: 0))
            try target.remove(manifest: deletion.digest)
        }
        try target.remove(manifest: mark)
        return spared.deletions
    }

    /// What is published now, and what is announced after it.
    private func named(in target: inout some RepositoryTarget & ~Copyable) throws -> PruneKeep {
        var keep = PruneKeep()
        guard let top = try target.manifest(tag: RepositoryIndex.newestTag) else { return keep }
        let newest = try RepositoryArtifact.read(top, from: &target, keys: keys).known
        keep.keep(newest)
        for revision in newest.index.revision + 1...newest.index.revision + Int64(Self.mostAnnounced) {
            guard let document = try target.manifest(tag: RepositoryIndex.tag(revision: revision)) else { break }
            keep.keep(document.digest)
            if let (known, _) = try? RepositoryArtifact.read(document, from: &target, keys: nil) { keep.keep(known) }
        }
        return keep
    }
}
