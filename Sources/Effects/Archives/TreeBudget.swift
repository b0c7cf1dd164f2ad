// What is in layers is not signed yet when they are read, and a few bytes of an archive can stand for millions of entries.
// What is in a folder was made by steps that somebody else wrote.
import TreeModel

/// Counts what a tree costs while it is read, and refuses one that costs more than any system needs.
struct TreeBudget {
    /// Says how much a tree may have.
    struct Limits {
        /// The most entries of all layers together; a desktop distribution has some 500,000.
        var entries = 2_000_000
        /// The most bytes of paths and link targets of all entries together.
        var nameBytes = 256 << 20
        /// The most bytes of content, as the headers state them; a hole costs no space, but time to pack.
        var contentBytes: Int64 = 64 << 30
        /// The most folders that are gone through to find where entries belong; a link can lead through thousands.
        var steps = 40_000_000
        /// The deepest folder; the deepest of a distribution is some 30 deep.
        var depth = 256
        /// The longest path in bytes, links resolved: the kernel's PATH_MAX.
        var pathBytes = EntryPath.maximumLength
    }

    let limits: Limits
    private var entries = 0
    private var nameBytes = 0
    private var contentBytes: Int64 = 0
    private var steps = 0

    /// Begins with nothing.
    init(_ limits: Limits = Limits()) { self.limits = limits }

    /// Counts an entry.
    ///
    /// - Throws: `ArchiveError` when there are too many, or they promise more content than a machine holds.
    mutating func take(_ entry: ArchiveEntry) throws(ArchiveError) {
        entries += 1
        guard entries <= limits.entries else {
            throw .excess(entry.path, "there are more than \(limits.entries) entries")
        }
        let (sum, overflows) = contentBytes.addingReportingOverflow(entry.contentSize)
        contentBytes = sum
        guard !overflows, sum <= limits.contentBytes else {
            throw .excess(entry.path, "its files have more than \(limits.contentBytes >> 30) GiB")
        }
    }

    /// Counts a step into a folder on the way to an entry.
    ///
    /// - Parameter depth: folders from the root to that one.
    /// - Throws: `ArchiveError` when it is too deep, or there were too many steps.
    mutating func step(_ path: EntryPath, depth: Int) throws(ArchiveError) {
        steps += 1
        guard depth <= limits.depth else { throw .excess(path, "it is more than \(limits.depth) folders deep") }
        guard steps <= limits.steps else { throw .excess(path, "the paths are too long or too many") }
    }

    /// Counts a name that the tree keeps.
    ///
    /// - Parameters:
    ///   - length: bytes of its path, links resolved.
    ///   - target: bytes of what it links to.
    /// - Throws: `ArchiveError` when the path is too long, or all names together are.
    mutating func take(_ path: EntryPath, length: Int, target: Int) throws(ArchiveError) {
        guard length <= limits.pathBytes else {
            throw .excess(path, "its path has more than \(limits.pathBytes) bytes")
        }
        nameBytes += length + target
        guard nameBytes <= limits.nameBytes else {
            throw .excess(path, "the names have more than \(limits.nameBytes >> 20) MiB")
        }
    }
}
