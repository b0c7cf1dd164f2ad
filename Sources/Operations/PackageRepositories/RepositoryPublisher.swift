import Archives
package import Cryptography
import Faults
package import ImageModel
import LinuxSystem
package import PackageModel
package import RegistryAccess
package import RegistryModel
package import RepositoryPlanning

/// Publishes packages to a repository: readers see the old index or the new one, wherever it is cut and whoever else
/// publishes.
///
/// An index is announced under the tag of its revision before the tag `index` is moved to it, and other publishers are
/// looked for after both. Two that cross see one another at one of these places: the one that could have lost
/// something starts over with the other's packages.
package struct RepositoryPublisher: Sendable {
    /// How often others may get in between before it is given up.
    package static let rounds = 5
    /// For how many days an index counts when nobody says.
    package static let standardDays = 30

    /// What was published.
    package struct Publication: Equatable, Sendable {
        /// The index.
        package var known: KnownIndex
        /// The packages that the index before did not name.
        package var added: [RepositoryPackage]
        /// The packages that others had announced.
        package var adopted: [RepositoryPackage]
        /// The packages that the index names no more.
        package var removed: [RepositoryPackage]
        /// How often it was begun.
        package var rounds: Int
        /// What is worth knowing, a sentence each.
        package var notes: [String]

        init(
            _ known: KnownIndex, _ plan: PublishPlan, _ rounds: Int, _ notes: [String],
            removed: [RepositoryPackage] = []
        ) {
            self.removed = removed
            self.known = known
            added = plan.added
            adopted = plan.adopted
            self.rounds = rounds
            self.notes = notes
        }
    }

    /// What the memory knows the repository by, and the signature names: `host/repository`.
    package var reference: String
    /// Whose indexes it builds on.
    package var keys: [TrustedKey]
    /// What remembers earlier indexes; nil for nothing.
    package var memory: RepositoryMemoryFile?
    /// Now.
    package var now: UTCTime
    /// For how many days the index counts.
    package var days = standardDays

    /// Publishes to a repository; what has a default can be set afterwards.
    package init(reference: String, keys: [TrustedKey], memory: RepositoryMemoryFile?, now: UTCTime) {
        self.reference = reference
        self.keys = keys
        self.memory = memory
        self.now = now
    }

    /// Publishes the packages of a layout beside those that are published.
    ///
    /// - Throws: `RepositoryPlanningError` for a package that is published with other content;
    ///   `PackageRepositoryError` (`busy`) when others get in between too often, or the repository is being pruned of what
    ///   this names; as `RepositoryReader.open`, but for an index that is expired; as layout and target.
    package func publish(
        _ layout: consuming LayoutTarget, to target: inout some RepositoryTarget & ~Copyable,
        key: borrowing SigningKey, report: (TransferProgress) -> Void = { _ in }
    ) throws -> Publication {
        try target.gather()
        let publication = try rounds(layout, to: &target, key: key, report: report)
        try target.commit()
        try memory?.change { $0.note(publication.known, at: reference) }
        return publication
    }

    private func rounds(
        _ layout: consuming LayoutTarget, to target: inout some RepositoryTarget & ~Copyable,
        key: borrowing SigningKey, report: (TransferProgress) -> Void
    ) throws -> Publication {
        let source = try Self.content(of: &layout)
        var transfer = PackageTransfer(from: layout)
        var rivals: [ManifestDocument] = []
        for round in 1...Self.rounds {
            let look = try look(for: source.index.name, adding: source.index.packages, after: rivals, in: &target)
            let plan = look.plan
            // Somebody else has published all of it meanwhile, and nobody is about to publish anything else.
            if round > 1, look.isQuiet, plan.added.isEmpty, let base = look.base {
                return Publication(base, plan, round, look.notes)
            }
            try transfer.push(plan.added, beside: plan.index.packages, to: &target, report: report)
            let outcome = try attempt(plan, in: &target, key: key) { target in
                try isWhole(plan, &transfer, in: &target)
            }
            switch outcome {
            case .settled(let known): return Publication(known, plan, round, look.notes)
            case .crossed(let rival): rivals += rival.map { [$0] } ?? []
            }
        }
        throw busy()
    }

    /// Others are too quick.
    func busy() -> PackageRepositoryError {
        PackageRepositoryError(
            .busy, "publishing to", reference,
            cause: "others published in between, \(Self.rounds) times in a row",
            remedy: "Publish again; what was stored need not be sent again.")
    }

    /// Says what a publication would do, and stores nothing.
    ///
    /// - Throws: as `publish`.
    package func planned(
        _ layout: consuming LayoutTarget, to target: inout some RepositoryTarget & ~Copyable
    ) throws -> PublishPlan {
        let source = try Self.content(of: &layout)
        let plan = try look(for: source.index.name, adding: source.index.packages, in: &target).plan
        for (tag, wanted) in try TagPlan.wanted(by: plan.added, beside: plan.index.packages) {
            let present = try TagDocument.present(tag, wanted: wanted, in: &target)
            guard case .refuse(let architecture, let digest) = TagDecision(wanted: wanted, present: present),
                let package = plan.added.first(where: {
                    $0.manifest == wanted.manifests[architecture]
                })
            else { continue }
            throw IndexMerge.clash(package, digest)
        }
        return plan
    }

    private static func content(of layout: inout LayoutTarget) throws -> KnownIndex {
        guard let top = try layout.manifest(tag: RepositoryIndex.newestTag) else {
            throw PackageRepositoryError(
                .layout, "reading", "the layout", cause: "it has no index of packages",
                remedy: "Make it with 'boatyard repository create'.")
        }
        return try RepositoryArtifact.read(top, from: &layout, keys: nil).known
    }
}
