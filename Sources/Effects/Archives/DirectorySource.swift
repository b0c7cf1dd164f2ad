// Reads a folder as if it were an archive: depth first, names sorted, so that equal folders give equal streams.
package import LinuxSystem
package import SystemPackage
import TreeModel

/// Reads a folder of the machine with owners, extended attributes and hard links, never following a symbolic link.
package struct DirectorySource: EntrySource, ~Copyable {
    /// What was found on the way that is not an error.
    package private(set) var notes = ArchiveNotes()
    /// What tells the current entry from a changed one; nil before the first.
    package private(set) var stamp: FileStamp?

    private let root: FilePath
    private var walk: FolderWalk
    private var budget: TreeBudget
    /// The first name of each file that has several.
    private var firstNames: [FileIdentity: EntryPath] = [:]
    /// Whether the current entry is a file whose content is read here.
    private var hasContent = false
    private var content: OwnedDescriptor?

    private struct FileIdentity: Hashable {
        let device: UInt64
        let number: UInt64
    }

    /// Opens a folder.
    ///
    /// - Throws: `ArchiveError` when it is not there or not a folder.
    package init(path: FilePath) throws(ArchiveError) { try self.init(path: path, limits: TreeBudget.Limits()) }

    init(path: FilePath, limits: TreeBudget.Limits) throws(ArchiveError) {
        do throws(SystemError) { walk = try FolderWalk(path) } catch { throw .folder(error) }
        root = path
        budget = TreeBudget(limits)
    }

    /// Goes to the next entry; sockets are passed over with a note.
    package mutating func next() throws(ArchiveError) -> ArchiveEntry? {
        content = nil
        hasContent = false
        while let file = try nextFile() {
            guard let entry = try entry(file) else {
                notes.add("sockets are left out")
                continue
            }
            if file.hasAccessLists { notes.add("access control lists are not kept") }
            hasContent = entry.contentSize > 0
            stamp = file.stamp
            return entry
        }
        return nil
    }

    private mutating func nextFile() throws(ArchiveError) -> WalkedFile? {
        do throws(SystemError) { return try walk.next() } catch { throw .folder(error) }
    }

    /// Reads content of the current entry, which is opened for it; a file that shrinks meanwhile is an error of the
    /// writer.
    package mutating func read(into buffer: inout [UInt8]) throws(ArchiveError) -> Int {
        guard hasContent else { return 0 }
        if content.descriptor == nil {
            do throws(SystemError) { content = try walk.open() } catch { throw .folder(error) }
        }
        guard let file = content.descriptor else { return 0 }
        do throws(Errno) { return try FileBlock.read(file, into: &buffer) } catch { throw .file(walk.place, error) }
    }

    /// Says whether the file whose content was read is still what it was before.
    ///
    /// - Throws: `ArchiveError` when it cannot be looked at.
    package borrowing func isUnchanged() throws(ArchiveError) -> Bool {
        guard let file = content.descriptor else { return true }
        do throws(Errno) { return try walk.isCurrent(file) } catch { throw .file(walk.place, error) }
    }

    private mutating func entry(_ file: WalkedFile) throws(ArchiveError) -> ArchiveEntry? {
        let path = EntryPath(joined: file.path)
        guard let kind = Self.kind(file) else { return nil }
        var entry = ArchiveEntry(
            path: path, kind: kind, permissions: file.permissions, owner: file.owner.user, group: file.owner.group,
            modified: file.modified,
            attributes: file.attributes.map { ArchiveEntry.Attribute(name: $0.name, value: $0.value) })
        try count(entry)
        guard file.nameCount > 1, kind != .directory else { return entry }
        let identity = FileIdentity(device: file.stamp.device, number: file.stamp.inode)
        if let first = firstNames[identity] {
            entry.kind = .hardLink(target: first)
        } else {
            firstNames[identity] = path
            entry.furtherNames = nil
        }
        return entry
    }

    private mutating func count(_ entry: ArchiveEntry) throws(ArchiveError) {
        try budget.take(entry)
        var target = 0
        if case .symbolicLink(let link) = entry.kind { target = link.count }
        try budget.take(entry.path, length: entry.path.bytes.count, target: target)
    }

    private static func kind(_ file: WalkedFile) -> ArchiveEntry.Kind? {
        switch file.kind {
        case .regular: .regular(size: file.stamp.size)
        case .directory: .directory
        case .symbolicLink(let target): .symbolicLink(target: target)
        case .characterDevice(let major, let minor): .characterDevice(major: major, minor: minor)
        case .blockDevice(let major, let minor): .blockDevice(major: major, minor: minor)
        case .fifo: .fifo
        case .socket: nil
        }
    }
}
