import Cryptography
import Faults
import ImageModel
import PackageModel
import RegistryAccess
import RegistryModel
import RepositoryPlanning

// From the announcement of an index to the tag that readers go by.
extension RepositoryPublisher {
    /// What became of one round.
    enum Round {
        /// The index is published, and nothing of others was overwritten.
        case settled(KnownIndex)
        /// Somebody else was at work, and it has to be begun again.
        ///
        /// - rival: the index that took over the tag of the revision, which is not found otherwise.
        case crossed(rival: ManifestDocument?)
    }

    /// Announces an index and moves the tag `index` to it.
    ///
    /// - Parameter isWhole: says whether everything that the index names anew is there.
    func attempt<Target: RepositoryTarget & ~Copyable>(
        _ plan: PublishPlan, in target: inout Target, key: borrowing SigningKey,
        isWhole: (inout Target) throws -> Bool
    ) throws -> Round {
        let document = try announce(plan.index, in: &target, key: key)
        try checkMark(plan, in: &target)
        guard try isWhole(&target),
            try target.manifest(tag: RepositoryIndex.newestTag)?.digest == plan.index.previous
        else { return .crossed(rival: nil) }
        try target.tag(document, as: RepositoryIndex.newestTag)
        return try round(KnownIndex(document.digest, plan.index), in: &target)
    }

    /// Stores an index, signed, under the tag of its revision.
    private func announce(
        _ index: RepositoryIndex, in target: inout some RepositoryTarget & ~Copyable, key: borrowing SigningKey
    ) throws -> ManifestDocument {
        let parts = try RepositoryArtifact.parts(of: index, signedWith: key)
        // Every index has the same config: that of the one before is there.
        try target.storeNew(parts, hasConfig: index.previous != nil)
        try target.signNew(parts.manifest.digest, named: reference, with: key)
        try target.tag(parts.manifest, as: RepositoryIndex.tag(revision: index.revision))
        return parts.manifest
    }

    /// Refuses to name what somebody is deleting.
    private func checkMark(_ plan: PublishPlan, in target: inout some RepositoryTarget & ~Copyable) throws {
        guard let mark = try PruneMark.read(in: &target) else { return }
        let doomed = (plan.added + plan.adopted).first { package in
            mark.digests.contains(package.manifest) || package.details.map(mark.digests.contains) == true
        }
        guard let doomed else { return }
        throw PackageRepositoryError(
            .busy, "publishing to", reference, cause: "it is being pruned of \(doomed.identity)",
            remedy:
                "Publish again when 'boatyard repository prune' has ended; if that was cut, run it again with --resume."
        )
    }

    /// Whether everything that the index names anew is there; what is this publisher's is brought again.
    func isWhole(
        _ plan: PublishPlan, _ transfer: inout PackageTransfer, in target: inout some RepositoryTarget & ~Copyable
    ) throws -> Bool {
        guard try PackageTransfer.missing(plan.adopted, in: &target).isEmpty else { return false }
        let missing = try PackageTransfer.missing(plan.added, in: &target)
        if missing.isEmpty { return true }
        try transfer.restore(missing, beside: plan.index.packages, to: &target)
        guard let gone = try PackageTransfer.missing(missing, in: &target).first else { return true }
        throw PackageRepositoryError(
            .content, "publishing", gone.identity, cause: "the registry took it and does not have it",
            remedy: "Ask the operator of the registry.")
    }

    /// Looks who else is at work, right after the tag was moved.
    private func round(_ own: KnownIndex, in target: inout some RepositoryTarget & ~Copyable) throws -> Round {
        let revision = own.index.revision
        let newest = try target.manifest(tag: RepositoryIndex.newestTag)
        guard let newest, newest.digest == own.digest else {
            let finding = try newest.map { newest in
                try RepositoryArtifact.search(for: own.digest, revision: revision, from: newest.digest, in: &target)
            }
            return SwitchFacts.other(follows: finding == .found).isSettled ? .settled(own) : .crossed(rival: nil)
        }
        let present = try target.manifest(tag: RepositoryIndex.tag(revision: revision))
        let facts = SwitchFacts.own(
            ownRevision: present?.digest == own.digest,
            later: try target.manifest(tag: RepositoryIndex.tag(revision: revision + 1)) != nil)
        return facts.isSettled ? .settled(own) : .crossed(rival: present?.digest == own.digest ? nil : present)
    }
}
