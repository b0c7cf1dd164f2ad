package import ImageModel

/// One extended attribute of a file.
package struct FileAttribute: Hashable, Sendable {
    /// Name with its namespace, as `security.capability`.
    package var name: [UInt8]
    /// Value.
    package var value: [UInt8]

    /// Pairs a name with a value.
    package init(name: [UInt8], value: [UInt8]) {
        self.name = name
        self.value = value
    }
}

/// Describes one file of a tree with all that a package keeps of it: no times, and of the content the digest.
package struct TreeEntry: Hashable, Sendable {
    /// What kind of file it is.
    package enum Kind: Hashable, Sendable {
        /// A regular file of that many bytes with that SHA-256.
        case regular(size: Int64, digest: Digest)
        /// A folder.
        case directory
        /// A symbolic link with its target, which is never followed here.
        case symbolicLink(target: [UInt8])
        /// A character device.
        case characterDevice(major: UInt32, minor: UInt32)
        /// A block device.
        case blockDevice(major: UInt32, minor: UInt32)
        /// A named pipe.
        case fifo
    }

    /// Where it is.
    package var path: EntryPath
    /// What it is.
    package var kind: Kind
    /// The twelve permission bits.
    package var permissions: UInt16
    /// Numeric owner.
    package var owner: UInt32
    /// Numeric group.
    package var group: UInt32
    /// Extended attributes, sorted by name.
    package var attributes: [FileAttribute]
    /// The first of the names, in the order of paths, of a file that has several; nil for a file with one name.
    ///
    /// It is not part of what a file is: two trees in which a file has other further names do not differ by that.
    package var firstName: EntryPath?

    /// Describes a file.
    package init(
        path: EntryPath, kind: Kind, permissions: UInt16 = 0o644, owner: UInt32 = 0, group: UInt32 = 0,
        attributes: [FileAttribute] = [], firstName: EntryPath? = nil
    ) {
        self.path = path
        self.kind = kind
        self.permissions = permissions
        self.owner = owner
        self.group = group
        self.attributes = attributes
        self.firstName = firstName
    }

    /// Says whether a file of another tree is the same but for its place and its further names.
    package func isSame(as other: TreeEntry) -> Bool {
        kind == other.kind && permissions == other.permissions && owner == other.owner && group == other.group
            && attributes == other.attributes
    }

    /// Whether it is a folder.
    package var isDirectory: Bool { kind == .directory }

    /// Whether it is a regular file.
    package var isRegular: Bool { if case .regular = kind { true } else { false } }

    /// Whether it is a further name of a file, which comes earlier in the order of paths under another one.
    package var isFurtherName: Bool { firstName.map { $0 != path } ?? false }

    /// The bytes of its content; 0 for what is no regular file.
    package var size: Int64 { if case .regular(let size, _) = kind { size } else { 0 } }
}
