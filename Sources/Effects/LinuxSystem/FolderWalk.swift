import CLinux
import Glibc
package import SystemPackage

/// What tells a file from one that was changed, replaced or moved since.
///
/// Nobody can set the time of the last change back but by the clock.
package struct FileStamp: Hashable, Sendable {
    /// The device that its filesystem lies on; images that are mounted one after the other may have equal files in all
    /// else.
    package var device: UInt64
    /// Its number in its filesystem.
    package var inode: UInt64
    /// Its bytes.
    package var size: Int64
    /// When its content changed, in nanoseconds since 1970.
    package var modified: Int64
    /// When its content or what is known of it changed, in nanoseconds since 1970.
    package var changed: Int64

    /// Puts a stamp together.
    package init(device: UInt64, inode: UInt64, size: Int64, modified: Int64, changed: Int64) {
        (self.device, self.inode, self.size) = (device, inode, size)
        (self.modified, self.changed) = (modified, changed)
    }

    /// What tells an open file from every other.
    ///
    /// The corresponding C function is `fstat`.
    ///
    /// - Throws: the `errno` of the call.
    package static func of(_ file: FileDescriptor) throws(Errno) -> FileStamp {
        var status = stat()
        _ = try systemCall { unsafe fstat(file.rawValue, &status) }
        return FileStamp(status)
    }

    /// What tells the file of a path, or the link itself; nil when there is none.
    ///
    /// The corresponding C function is `lstat`.
    ///
    /// - Throws: `SystemError` when it cannot be looked at, which does not mean that it is absent.
    package static func of(_ path: FilePath) throws(SystemError) -> FileStamp? {
        var status = stat()
        do throws(Errno) { _ = try systemCall { unsafe lstat(path.string, &status) } } catch {
            if error == .noSuchFileOrDirectory { return nil }
            throw .file("looking at", path, error)
        }
        return FileStamp(status)
    }

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        let (product, overflows) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        return overflows ? 0 : product &+ Int64(time.tv_nsec)
    }
}

/// One file of a folder that is walked.
package struct WalkedFile: Sendable {
    /// What kind of file it is.
    package enum Kind: Equatable, Sendable {
        case regular
        case directory
        case symbolicLink(target: [UInt8])
        case characterDevice(major: UInt32, minor: UInt32)
        case blockDevice(major: UInt32, minor: UInt32)
        case fifo
        case socket
    }

    /// The path below the folder, components separated by `/`; empty for the folder itself.
    package let path: [UInt8]
    /// What kind of file it is.
    package let kind: Kind
    /// The twelve permission bits.
    package let permissions: UInt16
    /// Who owns it.
    package let owner: Ownership
    /// When its content changed, in seconds since 1970.
    package let modified: Int64
    /// How many names it has.
    package let nameCount: Int
    /// What tells it from a changed one.
    package let stamp: FileStamp
    /// Its extended attributes, sorted by name; those of the kernel itself, such as access control lists, are not among
    /// them.
    package let attributes: [(name: [UInt8], value: [UInt8])]
    /// Whether it has access control lists.
    package let hasAccessLists: Bool
}

/// Walks a folder depth first, names in byte order, and never follows a link.
///
/// Every folder is held open while what is in it is visited, so that nobody can move the walk elsewhere.
package struct FolderWalk: ~Copyable {
    /// The deepest folder; the deepest of a distribution is some 30 deep.
    package static let depthLimit = 256

    private final class Frame {
        var stream: FolderStream
        /// The names still to be visited, the next one last.
        var names: [[CChar]]
        let path: [UInt8]

        init(_ stream: consuming FolderStream, _ path: [UInt8]) throws(Errno) {
            self.stream = stream
            self.path = path
            names = try self.stream.sortedNames().reversed()
        }
    }

    private let root: FilePath
    private var frames: [Frame] = []
    private var isBegun = false
    /// The file that was visited last.
    private var current: (name: [CChar], path: [UInt8], isDirectory: Bool, stamp: FileStamp)?
    private var reader = AttributeReader()

    /// Opens a folder.
    ///
    /// - Throws: `SystemError` when it is not there, or something else is.
    package init(_ root: FilePath) throws(SystemError) {
        self.root = root
        do throws(Errno) {
            frames = [try Frame(try FolderStream(opening: root, followingLinks: true), [])]
        } catch { throw .file("listing", root, error) }
    }

    /// The next file: the folder itself first; nil at the end.
    ///
    /// - Throws: `SystemError` when it cannot be read, or is deeper than `depthLimit`.
    package mutating func next() throws(SystemError) -> WalkedFile? {
        guard frames.count < Self.depthLimit || current?.isDirectory != true else {
            throw SystemError(
                "listing", place.string, nil, cause: "it is more than \(Self.depthLimit) folders deep",
                remedy: "Check that the folder is what you mean; no system is that deep.")
        }
        do throws(Errno) {
            if !isBegun {
                isBegun = true
                let folder = frames[0].stream.descriptor
                return try file([0x2E, 0], [], in: folder)
            }
            try enter()
            while let frame = frames.last {
                guard let name = frame.names.popLast() else {
                    frames.removeLast()
                    continue
                }
                let bytes = name.dropLast().map { UInt8(bitPattern: $0) }
                let path = frame.path.isEmpty ? bytes : frame.path + [UInt8(ascii: "/")] + bytes
                current = (name, path, false, FileStamp(stat()))
                return try file(name, path, in: frame.stream.descriptor)
            }
            current = nil
            return nil
        } catch { throw .file("reading", place, error) }
    }

    /// Goes into the folder that was visited last.
    private mutating func enter() throws(Errno) {
        guard let current, current.isDirectory, let frame = frames.last else { return }
        frames.append(try Frame(try unsafe FolderStream(opening: current.name, in: frame.stream), current.path))
        self.current = nil
    }

    /// Where the walk is, on this machine.
    package var place: FilePath {
        let tail = ([UInt8(ascii: "/")] + (current?.path ?? []) + [0]).map { CChar(bitPattern: $0) }
        return unsafe root.withPlatformString { head in
            unsafe FilePath(platformString: Array(UnsafeBufferPointer(start: head, count: strlen(head))) + tail)
        }
    }

    private mutating func file(_ name: [CChar], _ path: [UInt8], in folder: CInt) throws(Errno) -> WalkedFile {
        var status = stat()
        _ = try systemCall { unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) }
        let kind = try Self.kind(status, name, folder)
        if !path.isEmpty { current = (name, path, kind == .directory, FileStamp(status)) }
        let attributes = try reader.read(name, in: folder)
        return WalkedFile(
            path: path, kind: kind, permissions: UInt16(truncatingIfNeeded: status.st_mode & 0o7777),
            owner: Ownership(user: status.st_uid, group: status.st_gid), modified: Int64(status.st_mtim.tv_sec),
            nameCount: Int(clamping: UInt64(status.st_nlink)), stamp: FileStamp(status),
            attributes: attributes.kept, hasAccessLists: attributes.hasAccessLists)
    }

    private static func kind(_ status: stat, _ name: [CChar], _ folder: CInt) throws(Errno) -> WalkedFile.Kind {
        let (major, minor) = (clinux_major(status.st_rdev), clinux_minor(status.st_rdev))
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .regular
        case S_IFDIR: .directory
        case S_IFLNK: .symbolicLink(target: try target(name, folder))
        case S_IFCHR: .characterDevice(major: major, minor: minor)
        case S_IFBLK: .blockDevice(major: major, minor: minor)
        case S_IFIFO: .fifo
        default: .socket
        }
    }

    private static func target(_ name: [CChar], _ folder: CInt) throws(Errno) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = try systemCall { unsafe readlinkat(folder, name, &buffer, buffer.count) }
        return buffer.prefix(count).map { UInt8(bitPattern: $0) }
    }

    /// Opens the file that was visited last, which must be a regular one and the same that it was.
    ///
    /// The corresponding C function is `openat`, which waits for nobody here.
    ///
    /// - Throws: `SystemError` when it cannot be opened, or is not that file any more.
    package borrowing func open() throws(SystemError) -> OwnedDescriptor {
        do throws(Errno) {
            guard let current, let frame = frames.last else { throw .noSuchFileOrDirectory }
            let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | FileDescriptor.OpenOptions.withoutWaiting.rawValue
            let folder = frame.stream.descriptor
            let number = try systemCall { unsafe openat(folder, current.name, flags) }
            let file = OwnedDescriptor(owning: FileDescriptor(rawValue: number))
            guard try isCurrent(file.descriptor) else { throw .staleNFSFileHandle }
            return file
        } catch { throw .file("reading", place, error) }
    }

    /// Says whether an open file is the one that was visited last, and has not changed since.
    ///
    /// The corresponding C function is `fstat`.
    package borrowing func isCurrent(_ file: FileDescriptor) throws(Errno) -> Bool {
        var status = stat()
        _ = try systemCall { unsafe fstat(file.rawValue, &status) }
        return status.st_mode & S_IFMT == S_IFREG && FileStamp(status) == current?.stamp
    }
}

/// Reads extended attributes into memory that is used again.
private struct AttributeReader {
    private var names: [CChar] = []
    private var value: [UInt8] = []

    /// All but those of the kernel itself, sorted by name.
    ///
    /// The corresponding C functions are `llistxattr` and `lgetxattr`; there are none that take a folder's descriptor
    /// before Linux 6.13.
    mutating func read(
        _ name: [CChar], in folder: CInt
    ) throws(Errno) -> (kept: [(name: [UInt8], value: [UInt8])], hasAccessLists: Bool) {
        let path = "/proc/self/fd/\(folder)/".utf8.map { CChar(bitPattern: $0) } + name
        let length = try load(path)
        guard length > 0 else { return ([], false) }
        var kept: [(name: [UInt8], value: [UInt8])] = []
        var hasAccessLists = false
        for attribute in names.prefix(length).split(separator: 0) {
            let bytes = attribute.map { UInt8(bitPattern: $0) }
            if bytes.starts(with: "system.".utf8) {
                hasAccessLists = hasAccessLists || bytes.starts(with: "system.posix_acl".utf8)
            } else if let value = try value(of: path, Array(attribute) + [0]) {
                kept.append((bytes, value))
            }
        }
        return (kept.sorted { $0.name.lexicographicallyPrecedes($1.name) }, hasAccessLists)
    }

    /// Fills the list of names; returns its length, 0 where the filesystem has none at all.
    private mutating func load(_ path: [CChar]) throws(Errno) -> Int {
        // The kernel's XATTR_LIST_MAX.
        if names.isEmpty { names = [CChar](repeating: 0, count: 1 << 16) }
        do throws(Errno) {
            return Int(try systemCall { unsafe clinux_attribute_names(path, &names, UInt(names.count)) })
        } catch {
            if error == .notSupported { return 0 }
            throw error
        }
    }

    /// The value; nil when it has gone meanwhile.
    private mutating func value(of path: [CChar], _ name: [CChar]) throws(Errno) -> [UInt8]? {
        // The kernel's XATTR_SIZE_MAX.
        if value.isEmpty { value = [UInt8](repeating: 0, count: 1 << 16) }
        do throws(Errno) {
            let count = try systemCall { unsafe clinux_attribute_value(path, name, &value, UInt(value.count)) }
            return Array(value.prefix(Int(count)))
        } catch {
            if error == Errno(rawValue: ENODATA) { return nil }
            throw error
        }
    }
}
