import Archives
import Faults
import ImageModel
import PackageModel
import RegistryAccess
import RegistryModel
import RepositoryPlanning

// What is there before a round: what is published, and what others are about to publish.
extension RepositoryPublisher {
    /// The most revisions that are looked at for what others announced.
    private static let mostAnnounced = 1_000

    /// What is seen before a round.
    struct Look {
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
    ///
    /// - Parameters:
    ///   - name: the repository's.
    ///   - own: what is to be published.
    ///   - removed: what is to be named no more.
    ///   - rivals: announcements that are not found otherwise.
    func look(
        for name: String, adding own: [RepositoryPackage] = [], removing removed: [RepositoryPackage] = [],
        after rivals: [ManifestDocument] = [], in target: inout some RepositoryTarget & ~Copyable
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
        var facts = PublishFacts(
            name: name, base: base, announced: try announced.map { try announcement($0, base, in: &target) },
            revision: revision, own: own, now: now, days: days)
        facts.removed = removed
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

    /// An announced index with the one that it was begun on: what the two differ in is what it brings and takes away.
    private func announcement(
        _ known: KnownIndex, _ base: KnownIndex?, in target: inout some RepositoryTarget & ~Copyable
    ) throws -> Announcement {
        guard let base, let previous = known.index.previous else { return Announcement(known) }
        let isNext = previous == base.digest
        return Announcement(known, after: isNext ? base : try predecessor(previous, of: base, in: &target))
    }

    /// An index that what is published came after; nil when it did not, or nobody knows any more.
    private func predecessor(
        _ digest: Digest, of base: KnownIndex, in target: inout some RepositoryTarget & ~Copyable
    ) throws -> KnownIndex? {
        do {
            let known = try RepositoryArtifact.read(try target.manifest(digest), from: &target, keys: keys).known
            let finding = try RepositoryArtifact.search(
                for: digest, revision: known.index.revision, from: base.digest, link: IndexLink(base.index),
                in: &target)
            return finding == .found ? known : nil
        } catch  where Self.isNoIndex(error) { return nil }
    }

    func base(in target: inout some RepositoryTarget & ~Copyable) throws -> KnownIndex? {
        guard let top = try target.manifest(tag: RepositoryIndex.newestTag) else { return nil }
        let (known, _) = try RepositoryArtifact.read(top, from: &target, keys: keys)
        let reader = RepositoryReader(keys: keys, memory: memory, now: now)
        _ = try reader.checkHistory(known, reference, in: &target)
        return known
    }
}
