// Reads a folder as if it were an archive: depth first, names sorted, so that equal folders give equal streams.
import CArchive
import Glibc
import LinuxSystem
package import SystemPackage
import TreeModel

/// Reads a folder of the machine with owners, extended attributes and hard links, never following a symbolic link.
@safe
package struct DirectorySource: EntrySource, ~Copyable {
    /// What was found on the way that is not an error.
    package private(set) var notes = ArchiveNotes()

    private let disk: OpaquePointer
    private let root: FilePath
    /// What is still to be visited, the next one last.
    private var pending: [EntryPath] = [.root]
    /// The first name of each file that has several.
    private var firstNames: [FileIdentity: EntryPath] = [:]
    private var content: OwnedDescriptor?

    private struct FileIdentity: Hashable {
        let device: Int64
        let number: Int64
    }

    /// Opens a folder.
    ///
    /// - Throws: `ArchiveError` when it is not there or not a folder.
    package init(path: FilePath) throws(ArchiveError) {
        do throws(Errno) {
            try OwnedDescriptor(opening: path, options: .directory).close()
        } catch {
            throw .file(path, error)
        }
        guard let disk = unsafe archive_read_disk_new() else { throw .damaged(path, "out of memory") }
        unsafe archive_read_disk_set_symlink_physical(disk)
        unsafe self.disk = unsafe disk
        root = path
    }

    /// Goes to the next entry; sockets are passed over with a note.
    ///
    /// The corresponding C function is
    /// `archive_read_disk_entry_from_file`.
    package mutating func next() throws(ArchiveError) -> ArchiveEntry? {
        content = nil
        while let path = pending.popLast() {
            guard var entry = try entry(path) else {
                notes.add("sockets are left out")
                continue
            }
            if case .directory = entry.kind { try push(path) }
            if case .hardLink = entry.kind { return entry }
            if entry.contentSize > 0 { try open(path, &entry) }
            return entry
        }
        return nil
    }

    /// Reads content of the current entry; a file that shrinks meanwhile is an error of the writer.
    package mutating func read(into buffer: inout [UInt8]) throws(ArchiveError) -> Int {
        guard let file = content.descriptor else { return 0 }
        do throws(Errno) { return try FileBlock.read(file, into: &buffer) } catch { throw .file(root, error) }
    }

    /// The path on this machine, byte for byte.
    private func location(_ path: EntryPath) -> FilePath {
        let tail = ([UInt8(ascii: "/")] + path.bytes + [0]).map { CChar(bitPattern: $0) }
        return unsafe root.withPlatformString { head in
            unsafe FilePath(platformString: Array(UnsafeBufferPointer(start: head, count: strlen(head))) + tail)
        }
    }

    private mutating func entry(_ path: EntryPath) throws(ArchiveError) -> ArchiveEntry? {
        guard let header = unsafe archive_entry_new() else { throw .damaged(root, "out of memory") }
        defer { unsafe archive_entry_free(header) }
        let name = location(path)
        unsafe name.withPlatformString { unsafe archive_entry_copy_sourcepath(header, $0) }
        unsafe archive_entry_copy_pathname(header, ".")
        let status = unsafe archive_read_disk_entry_from_file(disk, header, -1, nil)
        guard status >= ARCHIVE_WARN else { throw unsafe .file(name, Errno(rawValue: archive_errno(disk))) }
        guard var entry = try unsafe HeaderReader(header, in: root).entry() else { return nil }
        entry.path = path
        guard unsafe archive_entry_nlink(header) > 1, entry.kind != .directory else { return entry }
        let identity = FileIdentity(
            device: Int64(truncatingIfNeeded: unsafe archive_entry_dev(header)),
            number: unsafe archive_entry_ino64(header))
        if let first = firstNames[identity] {
            entry.kind = .hardLink(target: first)
        } else {
            firstNames[identity] = path
            entry.furtherNames = nil
        }
        return entry
    }

    private mutating func push(_ path: EntryPath) throws(ArchiveError) {
        let folder = location(path)
        guard let stream = unsafe folder.withPlatformString({ unsafe opendir($0) }) else {
            throw .file(folder, Errno(rawValue: errno))
        }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while let item = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &item.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
        }
        names.sort { $1.lexicographicallyPrecedes($0) }
        pending += names.map { EntryPath(components: path.components + [$0]) }
    }

    private mutating func open(_ path: EntryPath, _ entry: inout ArchiveEntry) throws(ArchiveError) {
        do throws(Errno) {
            content = try OwnedDescriptor(opening: location(path), options: .noFollow)
        } catch {
            throw .file(location(path), error)
        }
    }

    deinit { unsafe archive_read_free(disk) }
}
