package import ImageModel
package import TreeModel

extension EntryPath: ExpressibleByStringLiteral {
    /// Reads a literal; what is no path is the root.
    public init(stringLiteral value: String) { self = EntryPath(normalizing: value.utf8) ?? .root }
}

/// Makes entries of trees in few words.
package enum Fixture {
    /// A digest of 32 equal bytes.
    package static func digest(_ byte: UInt8) -> Digest {
        guard let digest = Digest(bytes: [UInt8](repeating: byte, count: Digest.length)) else { preconditionFailure() }
        return digest
    }

    /// A file whose content is told by a number.
    package static func file(
        _ path: EntryPath, _ content: UInt8 = 1, size: Int64 = 1, permissions: UInt16 = 0o644, owner: UInt32 = 0,
        first: EntryPath? = nil
    ) -> TreeEntry {
        TreeEntry(
            path: path, kind: .regular(size: size, digest: digest(content)), permissions: permissions, owner: owner,
            firstName: first)
    }

    /// A folder.
    package static func folder(_ path: EntryPath, permissions: UInt16 = 0o755, owner: UInt32 = 0) -> TreeEntry {
        TreeEntry(path: path, kind: .directory, permissions: permissions, owner: owner)
    }

    /// A symbolic link.
    package static func link(_ path: EntryPath, to target: String) -> TreeEntry {
        TreeEntry(path: path, kind: .symbolicLink(target: Array(target.utf8)), permissions: 0o777)
    }

    /// A listing with the folders that its entries lie in.
    package static func tree(_ entries: TreeEntry...) -> TreeListing { tree(entries) }

    /// A listing with the folders that its entries lie in.
    package static func tree(_ entries: [TreeEntry]) -> TreeListing {
        TreeListing(entries.flatMap { $0.path.folders.map { folder($0) } } + entries)
    }
}
