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
    /// The most revisions that are looked at for what others announced.
    private static let mostAnnounced = 1_000

    /// What was published.
    package struct Publication: Equatable, Sendable {
        /// The index.
        package var known: KnownIndex
        /// The packages that the index before did not name.
        package var added: [RepositoryPackage]
        /// The packages that others had announced.
        package var adopted: [RepositoryPackage]
        /// How often it was begun.
        package var rounds: Int
        /// What is worth knowing, a sentence each.
        package var notes: [String]

        fileprivate init(_ known: KnownIndex, _ plan: PublishPlan, _ rounds: Int, _ notes: [String]) {
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
            let look = try look(source.index, rivals, in: &target)
            let plan = look.plan
            // Somebody else has published all of it meanwhile, and nobody is about to publish anything else.
            if round > 1, look.isQuiet, plan.added.isEmpty, let base = look.base {
                return Publication(base, plan, round, look.notes)
            }
            try transfer.push(plan.added, beside: plan.index.packages, to: &target, report: report)
            switch try attempt(plan, &transfer, in: &target, key: key) {
            case .settled(let known): return Publication(known, plan, round, look.notes)
            case .crossed(let rival): rivals += rival.map { [$0] } ?? []
            }
        }
        throw PackageRepositoryError(
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
        let plan = try look(source.index, [], in: &target).plan
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

    // MARK: - Looking

    /// What is seen before a round.
    private struct Look {
        /// What is published.
        var base: KnownIndex?
        /// What to do.
        var plan: PublishPlan
        /// Whether nothing is announced after it.
        var isQuiet: Bool
        /// What is worth knowing, a sentence each.
        var notes: [String]
    }

    /// Reads what is published, and what others announced after it.
    private func look(
        _ own: RepositoryIndex, _ rivals: [ManifestDocument], in target: inout some RepositoryTarget & ~Copyable
    ) throws -> Look {
        let base = try base(in: &target)
        var documents = rivals
        var revision = (base?.index.revision ?? 0) + 1
        while documents.count < Self.mostAnnounced,
            let document = try target.manifest(tag: RepositoryIndex.tag(revision: revision))
        {
            documents.append(document)
            revision += 1
        }
        let (announced, notes) = try read(documents, in: &target)
        let facts = PublishFacts(
            name: own.name, base: base, announced: announced, revision: revision, own: own.packages, now: now,
            days: days)
        let plan = try PublishPlan(facts)
        let missing = try PackageTransfer.missing(plan.adopted, in: &target)
        return Look(
            base: base, plan: plan.leavingOut(Set(missing.map(\.manifest))), isQuiet: documents.isEmpty, notes: notes)
    }

    /// Reads what others announced; what is no good index is passed over with a note.
    private func read(
        _ documents: [ManifestDocument], in target: inout some RepositoryTarget & ~Copyable
    ) throws -> ([KnownIndex], [String]) {
        var announced: [KnownIndex] = []
        var notes: [String] = []
        for document in documents {
            do {
                announced.append(try RepositoryArtifact.read(document, from: &target, keys: keys).known)
            } catch  where Self.isNoIndex(error) {
                notes.append("what was announced as \(document.digest.registryText) is passed over: \(error)")
            }
        }
        return (announced, notes)
    }

    /// Whether an error says that something is no good index, and not that it could not be read.
    private static func isNoIndex(_ error: any Error) -> Bool {
        switch error {
        case let error as RegistryError: error.kind == .notFound || error.kind == .corrupted
        case is PackageRepositoryError, is RegistryModelError, is ArchiveError: true
        default: false
        }
    }

    private func base(in target: inout some RepositoryTarget & ~Copyable) throws -> KnownIndex? {
        guard let top = try target.manifest(tag: RepositoryIndex.newestTag) else { return nil }
        let (known, _) = try RepositoryArtifact.read(top, from: &target, keys: keys)
        let reader = RepositoryReader(keys: keys, memory: memory, now: now)
        _ = try reader.checkHistory(known, reference, in: &target)
        return known
    }
}
