package import ImageModel
import PackageModel
import RegistryModel

/// Which indexes of a repository stay.
package struct PruneScope: Equatable, Sendable {
    /// Tags of indexes that stay: the newest ones, and all that come after what is published now.
    package var kept: [String] = []
    /// Tags of older indexes.
    package var old: [String] = []
    /// Tags of packages and signatures, which stay when something that stays names them.
    package var questionable: [String] = []

    /// Sorts the tags of a repository; tags of other forms are somebody else's and not looked at.
    ///
    /// - Parameters:
    ///   - newest: the revision that is published now.
    ///   - count: how many published indexes stay, the newest one among them.
    ///   - revisions: further revisions that stay.
    package init(tags: [String], newest: Int64, keeping count: Int, and revisions: Set<Int64> = []) {
        let snapshots = tags.compactMap { RepositoryIndex.revision(tag: $0) }.sorted(by: >)
        let published = snapshots.filter { $0 <= newest }
        let kept = Set(published.prefix(max(1, count))).union(revisions).union(snapshots.filter { $0 > newest })
        for revision in snapshots {
            let tag = RepositoryIndex.tag(revision: revision)
            if kept.contains(revision) { self.kept.append(tag) } else { old.append(tag) }
        }
        questionable = tags.filter { Self.isSignature($0) || Self.isPackage($0) }
    }

    /// Whether a tag is that of signatures: `sha256-<digest>` or `sha256-<digest>.sig`.
    private static func isSignature(_ tag: String) -> Bool { subject(ofSignature: tag) != nil }

    /// The document that a tag of signatures is about.
    package static func subject(ofSignature tag: String) -> Digest? {
        guard tag.hasPrefix("sha256-") else { return nil }
        let hex = tag.dropFirst(7)
        return Digest(hex: String(hex.hasSuffix(".sig") ? hex.dropLast(4) : hex))
    }

    /// Whether a tag has the form of a package's: `<category>_s<name>_v<version>`.
    private static func isPackage(_ tag: String) -> Bool {
        let parts = tag.split(separator: "_", omittingEmptySubsequences: false)
        // The letter behind each `_`: `p`, `t`, `c` are in the place of characters, `s` and `v` separate.
        let letters = parts.dropFirst().map { $0.first ?? " " }
        guard let first = parts.first, !first.isEmpty, letters.allSatisfy({ "ptcsv".contains($0) }) else {
            return false
        }
        return letters.filter { $0 == "s" || $0 == "v" } == ["s", "v"]
    }
}

/// What names packages, and therefore keeps them.
package struct PruneKeep: Equatable, Sendable {
    /// Everything that stays, by digest.
    package private(set) var digests: Set<Digest> = []
    /// Tags that need not be looked at, because what they name stays.
    package private(set) var tags: Set<String> = []

    /// Keeps nothing.
    package init() {}

    /// Keeps a document and all that it names.
    package mutating func keep(_ known: KnownIndex) {
        digests.insert(known.digest)
        for package in known.index.packages {
            digests.insert(package.manifest)
            if let details = package.details { digests.insert(details) }
            if let tag = try? PackageTag.tag(package.metadata.name, package.metadata.version) { tags.insert(tag) }
        }
    }

    /// Keeps a document alone.
    package mutating func keep(_ digest: Digest) { digests.insert(digest) }

    /// Whether a tag may name something that goes, so that it has to be looked at.
    package func isDoubtful(_ tag: String) -> Bool {
        if let subject = PruneScope.subject(ofSignature: tag) { return !digests.contains(subject) }
        return !tags.contains(tag)
    }
}

/// What of a repository is deleted.
package struct PrunePlan: Equatable, Sendable {
    /// One document that goes, with the tag by which it was found.
    package struct Deletion: Equatable, Sendable {
        /// The tag.
        package var tag: String
        /// The document.
        package var digest: Digest

        /// Names one.
        package init(tag: String, digest: Digest) {
            self.tag = tag
            self.digest = digest
        }
    }

    /// What goes, in the order of deletion: indexes first, so that nothing that is there names what is gone.
    package var deletions: [Deletion]

    /// Plans from the doubtful tags and what they name.
    package init(old: [Deletion], doubtful: [Deletion], keeping keep: PruneKeep) {
        var seen: Set<Digest> = []
        deletions = (old + doubtful).filter { !keep.digests.contains($0.digest) && seen.insert($0.digest).inserted }
    }

    /// The plan without what somebody names now.
    package func sparing(_ keep: PruneKeep) -> PrunePlan {
        var plan = self
        plan.deletions.removeAll { keep.digests.contains($0.digest) }
        return plan
    }
}
