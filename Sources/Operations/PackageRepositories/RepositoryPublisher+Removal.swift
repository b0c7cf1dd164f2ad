package import Cryptography
import Faults
import ImageModel
package import PackageModel
package import RegistryAccess
import RegistryModel
package import RepositoryPlanning

// A removal is a publication that names less: the same switch, and the same care for others who publish.
extension RepositoryPublisher {
    /// Publishes an index that does not name some packages any more; their blobs stay for `RepositoryPruner`.
    ///
    /// What others publish at the same time stays, but for what is removed here.
    ///
    /// - Parameter requests: name the packages: every version that they allow, for every architecture.
    /// - Throws: `RepositoryPlanningError` for a request that names nothing (`absent`), and when a package that stays requires
    ///   one of them and nothing else provides it (`needed`); as `publish`.
    package func remove(
        _ requests: [PackageRequest], from target: inout some RepositoryTarget & ~Copyable,
        key: borrowing SigningKey
    ) throws -> Publication {
        try target.gather()
        let publication = try rounds(removing: requests, from: &target, key: key)
        try target.commit()
        try memory?.change { $0.note(publication.known, at: reference) }
        return publication
    }

    /// Says what a removal would do, and stores nothing.
    ///
    /// - Returns: what would be removed, and the plan.
    /// - Throws: as `remove`.
    package func plannedRemoval(
        of requests: [PackageRequest], from target: inout some RepositoryTarget & ~Copyable
    ) throws -> (removed: [RepositoryPackage], plan: PublishPlan) {
        let base = try published(in: &target)
        let removed = try PackageRemoval.chosen(by: requests, from: base.index.packages)
        return (removed, try look(for: base.index.name, without: removed, in: &target).plan)
    }

    private func rounds(
        removing requests: [PackageRequest], from target: inout some RepositoryTarget & ~Copyable,
        key: borrowing SigningKey
    ) throws -> Publication {
        let base = try published(in: &target)
        // What somebody publishes while this is at work is not meant.
        let removed = try PackageRemoval.chosen(by: requests, from: base.index.packages)
        var rivals: [ManifestDocument] = []
        for round in 1...Self.rounds {
            let look = try look(for: base.index.name, without: removed, after: rivals, in: &target)
            // It is done already, and nobody is about to publish anything else.
            if round > 1, look.isQuiet, let base = look.base, !base.index.names(anyOf: removed) {
                return Publication(base, look.plan, round, look.notes, removed: removed)
            }
            let outcome = try attempt(look.plan, in: &target, key: key) { target in
                try PackageTransfer.missing(look.plan.adopted, in: &target).isEmpty
            }
            switch outcome {
            case .settled(let known):
                guard try isGone(removed, in: &target) else { continue }
                return Publication(known, look.plan, round, look.notes, removed: removed)
            case .crossed(let rival): rivals += rival.map { [$0] } ?? []
            }
        }
        throw busy()
    }

    /// Looks, and refuses when what stays would lack something.
    private func look(
        for name: String, without removed: [RepositoryPackage], after rivals: [ManifestDocument] = [],
        in target: inout some RepositoryTarget & ~Copyable
    ) throws -> Look {
        let look = try look(for: name, removing: removed, after: rivals, in: &target)
        try PackageRemoval.check(removed, leaving: look.plan.index.packages)
        return look
    }

    /// Whether readers see none of them: who published over this removal may have begun before it.
    private func isGone(
        _ removed: [RepositoryPackage], in target: inout some RepositoryTarget & ~Copyable
    ) throws -> Bool {
        try !published(in: &target).index.names(anyOf: removed)
    }

    private func published(in target: inout some RepositoryTarget & ~Copyable) throws -> KnownIndex {
        if let base = try base(in: &target) { return base }
        throw RepositoryPlanningError(
            .absent, "reading the repository", reference, cause: "nothing has been published there",
            remedy: "Check the spelling.")
    }
}

extension RepositoryIndex {
    /// Whether it names one of some packages, by content.
    fileprivate func names(anyOf others: [RepositoryPackage]) -> Bool {
        let manifests = Set(others.map(\.manifest))
        return packages.contains { manifests.contains($0.manifest) }
    }
}
