import Faults
package import ImageModel
package import PackageModel

/// An index with the digest of its manifest.
package struct KnownIndex: Equatable, Sendable {
    /// The digest of the manifest.
    package var digest: Digest
    /// What it says.
    package var index: RepositoryIndex

    /// Pairs both.
    package init(_ digest: Digest, _ index: RepositoryIndex) {
        self.digest = digest
        self.index = index
    }
}

/// An index that was announced and is not published, of a publication under way, or cut.
package struct Announcement: Equatable, Sendable {
    /// The index.
    package var known: KnownIndex
    /// The published index that it was begun on; nil for none, or when it is not in the history of what is published.
    package var start: KnownIndex?

    /// Pairs both.
    package init(_ known: KnownIndex, after start: KnownIndex? = nil) {
        self.known = known
        self.start = start
    }

    /// The packages that it brings: what its start named as well may have been removed since.
    fileprivate var brought: [RepositoryPackage] {
        IndexMerge.added(known.index.packages, to: start?.index.packages ?? [])
    }

    /// The packages that it takes away.
    fileprivate var removed: [RepositoryPackage] {
        IndexMerge.added(start?.index.packages ?? [], to: known.index.packages)
    }
}

/// What is known before a publication.
package struct PublishFacts: Sendable {
    /// The repository's name.
    package var name: String
    /// What the tag `index` names; nil for a repository that is new.
    package var base: KnownIndex?
    /// Indexes that were announced after it and are not known to be in its history: of publications under way, or cut.
    package var announced: [Announcement]
    /// The revision after all that were announced.
    package var revision: Int64
    /// What is to be published.
    package var own: [RepositoryPackage]
    /// What the index is to name no more, whoever names it.
    package var removed: [RepositoryPackage] = []
    /// Now.
    package var now: UTCTime
    /// For how many days the index counts.
    package var days: Int

    /// Gathers facts; what has a default can be set afterwards.
    package init(
        name: String, base: KnownIndex?, announced: [Announcement] = [], revision: Int64, own: [RepositoryPackage],
        now: UTCTime, days: Int
    ) {
        self.name = name
        self.base = base
        self.announced = announced
        self.revision = revision
        self.own = own
        self.now = now
        self.days = days
    }
}

/// What a publication does.
package struct PublishPlan: Equatable, Sendable {
    private static let day: Int64 = 86_400

    /// The index that is to be published.
    package var index: RepositoryIndex
    /// The packages of the caller that the index before does not name.
    package var added: [RepositoryPackage]
    /// The packages that come from what others announced.
    package var adopted: [RepositoryPackage]

    /// Plans a publication.
    ///
    /// - Throws: `RepositoryPlanningError` for another repository under the same reference, for a package that is there
    ///   with other content, and for too many packages.
    package init(_ facts: PublishFacts) throws(RepositoryPlanningError) {
        if let base = facts.base, base.index.name != facts.name {
            throw RepositoryPlanningError(
                .name, "publishing", facts.name, cause: "this is the repository \(base.index.name)",
                remedy: "Name the packages' repository \(base.index.name), or publish elsewhere.")
        }
        let announced = facts.announced
            .filter { $0.known.index.name == facts.name && facts.now < $0.known.index.expires }
            .prefix(RepositoryIndex.joinLimit)
        // What is published now comes back, whoever was about to remove it.
        let lost = IndexMerge.added(announced.flatMap(\.removed), to: facts.own)
        let removed = Set((facts.removed + lost).map(\.manifest))
        let before = facts.base?.index.packages ?? []
        let packages = try IndexMerge.merged([before, facts.own] + announced.map(\.brought))
            .filter { !removed.contains($0.manifest) }
        guard let expires = UTCTime(seconds: facts.now.seconds + Int64(facts.days) * Self.day) else {
            throw RepositoryPlanningError(
                .expired, "publishing", facts.name, cause: "the clock of this machine is not set",
                remedy: "Set the clock.")
        }
        index = RepositoryIndex(
            name: facts.name, revision: facts.revision, previous: facts.base?.digest, created: facts.now,
            expires: expires, packages: packages)
        index.joined = announced.map(\.known.digest)
        added = IndexMerge.added(facts.own, to: before)
        adopted = IndexMerge.added(packages, to: before + facts.own)
    }

    /// The plan without packages that turned out to be missing, which can only be what others announced.
    package func leavingOut(_ missing: Set<Digest>) -> PublishPlan {
        var plan = self
        plan.index.packages.removeAll { missing.contains($0.manifest) }
        plan.adopted.removeAll { missing.contains($0.manifest) }
        return plan
    }
}

/// What is seen right after the tag `index` was moved.
package enum SwitchFacts: Equatable, Sendable {
    /// It names what was published.
    ///
    /// - ownRevision: whether the tag of the published revision still names it.
    /// - later: whether a later revision is announced.
    case own(ownRevision: Bool, later: Bool)
    /// It names something else.
    ///
    /// - follows: whether what was published is in its history.
    case other(follows: Bool)

    /// Whether what was published stays published, and nothing of others was overwritten.
    ///
    /// An index that was announced before this one was published may be published over it, or may have been overwritten
    /// by it. It has a later revision, or took over the tag of this one, and is seen here; with an earlier revision, its
    /// publisher sees this one when it looks itself. Whoever moves the tag last has all the others to see.
    package var isSettled: Bool {
        switch self {
        case .own(let ownRevision, let later): ownRevision && !later
        case .other(let follows): follows
        }
    }
}
