/// Names kinds of entries that have no content of their own.
package enum SquashfsEntry: Equatable, Sendable {
    /// A folder.
    case directory
    /// A symbolic link with its target.
    case symbolicLink(target: [UInt8])
    /// A character device.
    case characterDevice(major: UInt32, minor: UInt32)
    /// A block device.
    case blockDevice(major: UInt32, minor: UInt32)
    /// A named pipe.
    case fifo
}

/// Describes an entry apart from its kind and content.
package struct SquashfsAttributes: Sendable {
    /// The twelve permission bits.
    package var permissions: UInt16
    /// Numeric owner.
    package var owner: UInt32
    /// Numeric group.
    package var group: UInt32
    /// Time of the last change in seconds since 1970.
    package var modified: UInt32
    /// Extended attributes with names in `user.`, `trusted.` or `security.`.
    package var extended: [(name: [UInt8], value: [UInt8])]

    /// Describes an entry.
    package init(
        permissions: UInt16, owner: UInt32 = 0, group: UInt32 = 0, modified: UInt32 = 0,
        extended: [(name: [UInt8], value: [UInt8])] = []
    ) {
        self.permissions = permissions
        self.owner = owner
        self.group = group
        self.modified = modified
        self.extended = extended
    }
}

/// Says how a squashfs is written.
package struct SquashfsOptions: Equatable, Sendable {
    /// Bytes in a data block: a power of two from 4 KiB to 1 MiB.
    package var blockSize: Int
    /// zstd's level, 1 to 22.
    package var level: Int
    /// Time of the filesystem, and of folders that no entry describes, in seconds since 1970.
    package var time: UInt32
    /// Threads that compress; 0 takes one for each processor, at most `maximumThreads`.
    package var threads: Int
    /// The most threads taken without being asked for, which bounds memory: each needs about 2 MB.
    package var maximumThreads = 4

    /// Chooses; the block size and the level are those of `boatyard image build`.
    package init(blockSize: Int = 128 << 10, level: Int = 9, time: UInt32 = 0, threads: Int = 0) {
        self.blockSize = blockSize
        self.level = level
        self.time = time
        self.threads = threads
    }
}
