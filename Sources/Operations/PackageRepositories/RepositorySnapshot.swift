import ImageModel
import PackageModel
package import RegistryAccess
import RegistryModel
import RepositoryPlanning

/// Pins a revision of a repository: its index stays under `index-<revision>`.
package enum RepositorySnapshot {
    /// Sees to it that the tag of an index' revision names it.
    ///
    /// Every publication sets it; it may name an announcement that came to nothing, or have been deleted.
    ///
    /// - Returns: whether the tag was set now.
    /// - Throws: as the target.
    package static func pin(
        _ opened: RepositoryReader.Opened, in target: inout some RepositoryTarget & ~Copyable
    ) throws -> Bool {
        let tag = RepositoryIndex.tag(revision: opened.known.index.revision)
        if try target.manifest(tag: tag)?.digest == opened.known.digest { return false }
        try target.tag(try target.manifest(opened.known.digest), as: tag)
        return true
    }

    /// The revisions that can be read, lowest first.
    ///
    /// - Parameter newest: the revision that is published; later ones are announced and not published.
    /// - Throws: as the target.
    package static func revisions(
        upTo newest: Int64, in target: inout some RepositoryTarget & ~Copyable
    ) throws -> [Int64] {
        try target.tags().compactMap { RepositoryIndex.revision(tag: $0) }.filter { $0 <= newest }.sorted()
    }
}
