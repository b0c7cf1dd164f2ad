package import ImageModel
package import PackageModel

/// Looks for an index in the history of another, one manifest at a time; the caller fetches them.
package struct AncestorSearch: Sendable {
    /// The most manifests that are asked for.
    package static let limit = 64

    /// What came of it.
    package enum Finding: Equatable, Sendable {
        /// It is in the history.
        case found
        /// It is not.
        case absent
        /// The history does not go back far enough any more.
        case unknown
    }

    private let goal: Digest
    private let revision: Int64
    private var open: [Digest]
    private var seen: Set<Digest>
    private var isFound = false
    private var isIncomplete = false

    /// Begins at an index.
    ///
    /// - Parameters:
    ///   - start: the manifest of the index whose history is meant; it counts as part of it.
    ///   - goal: the manifest that is looked for.
    ///   - revision: the revision of that.
    package init(from start: Digest, for goal: Digest, revision: Int64) {
        self.goal = goal
        self.revision = revision
        open = [start]
        seen = [start]
    }

    /// The next manifest to fetch; nil when the finding is known.
    package mutating func next() -> Digest? {
        if open.contains(goal) { isFound = true }
        guard !isFound, !open.isEmpty else { return nil }
        guard seen.count <= Self.limit else {
            isIncomplete = true
            return nil
        }
        return open.removeFirst()
    }

    /// Takes what the manifest says that `next` named.
    ///
    /// - Parameter link: nil when it is not there any more, or is no index.
    package mutating func take(_ link: IndexLink?) {
        guard let link else {
            isIncomplete = true
            return
        }
        guard link.revision > revision else { return }
        for parent in link.parents where seen.insert(parent).inserted { open.append(parent) }
    }

    /// What came of it.
    package var finding: Finding { isFound ? .found : isIncomplete ? .unknown : .absent }
}
