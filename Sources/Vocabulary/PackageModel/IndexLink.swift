package import ImageModel

/// What the manifest of an index says of its place in the history, so that nobody has to fetch the index for it.
///
/// The digest of the manifest is what an index names as its predecessor, so these words are as good as what is signed.
package struct IndexLink: Equatable, Sendable {
    private static let revisionKey = "io.lifeboot.repository.revision"
    private static let previousKey = "io.lifeboot.repository.previous"
    private static let joinedKey = "io.lifeboot.repository.joined"

    /// The revision of the index.
    package var revision: Int64
    /// The manifests of the indexes that it follows: its predecessor first, then what it joined.
    package var parents: [Digest]

    /// The place of an index.
    package init(_ index: RepositoryIndex) {
        revision = index.revision
        parents = (index.previous.map { [$0] } ?? []) + index.joined
    }

    /// Reads the annotations of a manifest; nil when it has none of these, or they are malformed.
    package init?(annotations: [String: String]) {
        guard let revision = annotations[Self.revisionKey].flatMap({ Int64($0) }), revision > 0 else { return nil }
        self.revision = revision
        parents = []
        for key in [Self.previousKey, Self.joinedKey] {
            for text in annotations[key]?.split(separator: ",").prefix(RepositoryIndex.joinLimit) ?? [] {
                guard let digest = Digest(registryText: String(text)) else { return nil }
                parents.append(digest)
            }
        }
    }

    /// The annotations that say the same as an index.
    package static func annotations(of index: RepositoryIndex) -> [String: String] {
        var annotations = [revisionKey: String(index.revision)]
        annotations[previousKey] = index.previous?.registryText
        if !index.joined.isEmpty { annotations[joinedKey] = index.joined.map(\.registryText).joined(separator: ",") }
        return annotations
    }
}

extension RepositoryIndex {
    /// The tag of the newest index.
    package static let newestTag = "index"

    /// The tag under which the index of a revision stays.
    package static func tag(revision: Int64) -> String { "\(newestTag)-\(revision)" }

    /// The revision whose index has a tag; nil for other tags.
    package static func revision(tag: String) -> Int64? {
        guard tag.hasPrefix("\(newestTag)-"), let revision = Int64(tag.dropFirst(newestTag.count + 1)), revision > 0,
            tag == Self.tag(revision: revision)
        else { return nil }
        return revision
    }
}
