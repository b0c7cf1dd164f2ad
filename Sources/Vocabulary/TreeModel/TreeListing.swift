/// Lists the files of a tree, sorted by path, without its root.
package struct TreeListing: Equatable, Sendable {
    /// The files, each path once.
    package let entries: [TreeEntry]

    /// A tree without files.
    package static let empty = TreeListing([])

    /// Sorts entries; of several with one path the last one counts, and the root does not.
    ///
    /// The first names of files with several names are made anew of those that are there: a file that has lost all
    /// names but one is a file with one name.
    package init(_ entries: some Sequence<TreeEntry>) {
        var sorted: [TreeEntry] = []
        // Sorting is stable.
        for entry in entries.sorted(by: { $0.path < $1.path }) where entry.path != .root {
            if sorted.last?.path == entry.path { sorted.removeLast() }
            sorted.append(entry)
        }
        self.entries = Self.naming(sorted)
    }

    /// Files of several trees may share a first name by chance; they are one file only when they are the same.
    private static func naming(_ sorted: [TreeEntry]) -> [TreeEntry] {
        var names: [TreeEntry: (first: EntryPath, count: Int)] = [:]
        for entry in sorted {
            guard let file = identity(of: entry) else { continue }
            names[file, default: (entry.path, 0)].count += 1
        }
        guard !names.isEmpty else { return sorted }
        return sorted.map { entry in
            guard let file = identity(of: entry), let name = names[file] else { return entry }
            var entry = entry
            entry.firstName = name.count > 1 ? name.first : nil
            return entry
        }
    }

    /// What all names of one file have in common; nil for a file with one name.
    private static func identity(of entry: TreeEntry) -> TreeEntry? {
        guard let first = entry.firstName else { return nil }
        var file = entry
        (file.path, file.firstName) = (first, nil)
        return file
    }

    /// The file at a path; nil when there is none.
    package subscript(path: EntryPath) -> TreeEntry? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].path < path { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].path == path ? entries[low] : nil
    }

    /// The bytes of all contents, those of a file with several names once.
    package var installedSize: Int64 {
        entries.reduce(0) { $1.isFurtherName ? $0 : $0.addingReportingOverflow($1.size).partialValue }
    }

    /// Says whether another tree has the same files, whatever further names they have.
    package func isSame(as other: TreeListing) -> Bool {
        entries.count == other.entries.count
            && zip(entries, other.entries).allSatisfy { $0.path == $1.path && $0.isSame(as: $1) }
    }
}

extension TreeListing {
    /// The same files as a checkout of a version control system means them, whose user, group and umask say nothing:
    /// all belong to root, folders and files that their owner may execute have 0755, other files 0644, and none has
    /// attributes.
    package var asCheckout: TreeListing {
        TreeListing(
            entries.map { entry in
                var entry = entry
                let isExecutable = entry.isDirectory || entry.permissions & 0o100 != 0
                if case .symbolicLink = entry.kind {
                    entry.permissions = 0o777
                } else {
                    entry.permissions = isExecutable ? 0o755 : 0o644
                }
                (entry.owner, entry.group, entry.attributes) = (0, 0, [])
                return entry
            })
    }
}
