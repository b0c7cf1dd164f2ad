package import TreeModel

/// Describes one file of a tree, without its content.
package struct ArchiveEntry: Equatable, Sendable {
    /// What kind of file it is.
    package enum Kind: Equatable, Sendable {
        /// A regular file of that many bytes.
        case regular(size: Int64)
        /// A folder.
        case directory
        /// A symbolic link with its target, which is never followed here.
        case symbolicLink(target: [UInt8])
        /// Another name of an entry that came earlier.
        case hardLink(target: EntryPath)
        /// A character device.
        case characterDevice(major: UInt32, minor: UInt32)
        /// A block device.
        case blockDevice(major: UInt32, minor: UInt32)
        /// A named pipe.
        case fifo
    }

    /// One extended attribute.
    package typealias Attribute = FileAttribute

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
    /// Time of the last change in seconds since 1970.
    package var modified: Int64
    /// Extended attributes, sorted by name.
    package var attributes: [Attribute]
    /// Further names of the same file, which follow as hard links; nil when there are some and nobody knows which.
    package var furtherNames: [EntryPath]? = []

    /// Describes a file.
    package init(
        path: EntryPath, kind: Kind, permissions: UInt16 = 0o644, owner: UInt32 = 0, group: UInt32 = 0,
        modified: Int64 = 0, attributes: [Attribute] = []
    ) {
        self.path = path
        self.kind = kind
        self.permissions = permissions
        self.owner = owner
        self.group = group
        self.modified = modified
        self.attributes = attributes
    }

    /// The bytes of content that follow the entry.
    package var contentSize: Int64 { if case .regular(let size) = kind { size } else { 0 } }
}

/// Gives the entries of a tree one after the other, parents and link targets before what needs them where the origin has
/// them in that order.
package protocol EntrySource: ~Copyable {
    /// What was found on the way that is not an error.
    var notes: ArchiveNotes { get }

    /// Goes to the next entry, past what was not read of the last one; nil at the end.
    ///
    /// - Throws: `ArchiveError` when the origin is damaged, cannot be read, or names something outside the tree.
    mutating func next() throws(ArchiveError) -> ArchiveEntry?

    /// Reads content of the current entry into the buffer; 0 at its end.
    ///
    /// - Throws: `ArchiveError` when the origin is damaged or cannot be read.
    mutating func read(into buffer: inout [UInt8]) throws(ArchiveError) -> Int
}

/// Counts what is worth saying once: a message and how often it applied.
package struct ArchiveNotes: Equatable, Sendable {
    /// The most different messages kept.
    package static let limit = 50

    /// Messages in the order of their first appearance, with their counts.
    package private(set) var counts: [(message: String, count: Int)] = []

    /// Begins without messages.
    package init() {}

    /// Adds a message or counts it once more.
    package mutating func add(_ message: String) {
        if let index = counts.firstIndex(where: { $0.message == message }) {
            counts[index].count += 1
        } else if counts.count < Self.limit {
            counts.append((message, 1))
        }
    }

    /// Adds all messages of another list.
    package mutating func add(_ other: ArchiveNotes) {
        for (message, count) in other.counts { for _ in 0..<count { add(message) } }
    }

    /// Compares messages and counts.
    package static func == (left: ArchiveNotes, right: ArchiveNotes) -> Bool {
        left.counts.elementsEqual(right.counts, by: ==)
    }
}
