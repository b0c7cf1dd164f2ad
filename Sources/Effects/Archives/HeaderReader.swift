import CArchive
import Glibc
import SystemPackage
import TreeModel

/// Turns libarchive's header of an entry into a value; lives no longer than the header.
@safe
struct HeaderReader {
    private let header: OpaquePointer
    private let archive: FilePath

    init(_ header: OpaquePointer, in archive: FilePath) {
        unsafe self.header = unsafe header
        self.archive = archive
    }

    /// The entry; nil for a socket and for kinds that no filesystem of ours has.
    ///
    /// - Throws: `ArchiveError` when it or its hard link leads outside the tree.
    func entry() throws(ArchiveError) -> ArchiveEntry? {
        let path = try unsafe path(archive_entry_pathname(header) ?? archive_entry_pathname_utf8(header))
        guard let kind = try kind() else { return nil }
        return ArchiveEntry(
            path: path, kind: kind,
            permissions: UInt16(truncatingIfNeeded: unsafe archive_entry_perm(header) & 0o7777),
            owner: UInt32(truncatingIfNeeded: unsafe archive_entry_uid(header)),
            group: UInt32(truncatingIfNeeded: unsafe archive_entry_gid(header)),
            modified: Int64(unsafe archive_entry_mtime(header)),
            attributes: attributes())
    }

    private func path(_ text: UnsafePointer<CChar>?) throws(ArchiveError) -> EntryPath {
        let name = unsafe Self.bytes(text)
        guard !name.isEmpty else { throw .damaged(archive, "an entry has no name") }
        guard let path = EntryPath(normalizing: name) else {
            throw .name(archive, String(decoding: name, as: UTF8.self))
        }
        return path
    }

    private func kind() throws(ArchiveError) -> ArchiveEntry.Kind? {
        if let link = unsafe archive_entry_hardlink(header) ?? archive_entry_hardlink_utf8(header) {
            return .hardLink(target: try unsafe path(link))
        }
        switch unsafe archive_entry_filetype(header) {
        case S_IFREG: return .regular(size: max(0, unsafe archive_entry_size(header)))
        case S_IFDIR: return .directory
        case S_IFLNK:
            let target = unsafe archive_entry_symlink(header) ?? archive_entry_symlink_utf8(header)
            return .symbolicLink(target: unsafe Self.bytes(target))
        case S_IFCHR: return .characterDevice(major: device.major, minor: device.minor)
        case S_IFBLK: return .blockDevice(major: device.major, minor: device.minor)
        case S_IFIFO: return .fifo
        default: return nil
        }
    }

    private var device: (major: UInt32, minor: UInt32) {
        (
            UInt32(truncatingIfNeeded: unsafe archive_entry_rdevmajor(header)),
            UInt32(truncatingIfNeeded: unsafe archive_entry_rdevminor(header))
        )
    }

    private func attributes() -> [ArchiveEntry.Attribute] {
        var attributes: [ArchiveEntry.Attribute] = []
        var count = unsafe archive_entry_xattr_reset(header)
        while count > 0 {
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var size = 0
            guard unsafe archive_entry_xattr_next(header, &name, &value, &size) == ARCHIVE_OK else { break }
            let bytes = unsafe Array(UnsafeRawBufferPointer(start: value, count: size))
            attributes.append(ArchiveEntry.Attribute(name: unsafe Self.bytes(name), value: bytes))
            count -= 1
        }
        return attributes.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
        guard let text = unsafe text else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
}
