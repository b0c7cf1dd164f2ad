import Archives
import ImageModel
import TreeModel

/// Makes a listing of the entries of a source, one after the other.
struct TreeCollector {
    /// Attributes that are none of the files: what the engine's overlay remembers, and what the kernel keeps for
    /// itself.
    private static let foreignAttributes = ["user.overlay.", "trusted.overlay.", "system."].map { Array($0.utf8) }

    private var entries: [TreeEntry] = []
    private var places: [EntryPath: Int] = [:]

    /// Takes an entry that is no regular file and no further name; false for those.
    mutating func take(_ entry: ArchiveEntry) throws -> Bool {
        let kind: TreeEntry.Kind
        switch entry.kind {
        case .regular: return false
        case .hardLink(let target):
            try add(entry.path, sameAs: target)
            return true
        case .directory: kind = .directory
        case .symbolicLink(let target): kind = .symbolicLink(target: target)
        case .characterDevice(let major, let minor): kind = .characterDevice(major: major, minor: minor)
        case .blockDevice(let major, let minor): kind = .blockDevice(major: major, minor: minor)
        case .fifo: kind = .fifo
        }
        add(entry, kind)
        return true
    }

    /// Takes a regular file with the digest of its content.
    mutating func take(_ entry: ArchiveEntry, _ digest: Digest) {
        add(entry, .regular(size: entry.contentSize, digest: digest))
    }

    /// All that was taken.
    var listing: TreeListing { TreeListing(entries) }

    private mutating func add(_ entry: ArchiveEntry, _ kind: TreeEntry.Kind) {
        var permissions = entry.permissions
        // Those of a link mean nothing, and differ between filesystems and archives.
        if case .symbolicLink = kind { permissions = 0o777 }
        let attributes = entry.attributes.filter { attribute in
            !Self.foreignAttributes.contains { attribute.name.starts(with: $0) }
        }
        places[entry.path] = entries.count
        entries.append(
            TreeEntry(
                path: entry.path, kind: kind, permissions: permissions, owner: entry.owner, group: entry.group,
                attributes: attributes))
    }

    private mutating func add(_ path: EntryPath, sameAs target: EntryPath) throws {
        guard let place = places[target] else {
            throw TreeFoldersError.entry(path, "it is a hard link to \(target.absolute), which is not there")
        }
        if entries[place].isRegular { entries[place].firstName = target }
        var entry = entries[place]
        entry.path = path
        places[path] = entries.count
        entries.append(entry)
    }
}
