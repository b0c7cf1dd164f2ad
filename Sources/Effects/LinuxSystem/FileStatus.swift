import CLinux
import Glibc
package import SystemPackage

/// What the kernel knows about a file.
package struct FileStatus: Equatable, Sendable {
    /// What kind of file it is.
    package enum Kind: Sendable {
        /// A regular file.
        case file
        /// A folder.
        case directory
        /// A symbolic link.
        case link
        /// A block device.
        case blockDevice
        /// Anything else.
        case other
    }

    /// What kind of file it is.
    package let kind: Kind
    /// Bytes in it.
    package let size: Int64
    /// Bytes that it takes on the disk, those that are reserved included.
    package let allocated: Int64
    /// Permission bits.
    package let permissions: FilePermissions
    /// The numbers of its owner and group.
    package let owner: Ownership
    /// For a device node, its major and minor number.
    package let device: (major: UInt32, minor: UInt32)
    /// When its content or its attributes changed last, in seconds since 1970; nobody can set that back.
    package let changed: Int64
    /// When its content changed last, in seconds since 1970; who may write it can say something else.
    package let modified: Int64
    /// Major and minor number of the device that its filesystem lies on.
    package let filesystem: (major: UInt32, minor: UInt32)

    /// Looks at a path; nil only when its name does not exist.
    /// - Parameter followingLinks: look at what a symbolic link leads to.
    /// - Throws: `SystemError` when it cannot be looked at, which does not mean that it is absent.
    package static func of(_ path: FilePath, followingLinks: Bool = true) throws(SystemError) -> FileStatus? {
        var status = stat()
        do throws(Errno) {
            _ = try systemCall {
                unsafe followingLinks ? stat(path.string, &status) : lstat(path.string, &status)
            }
        } catch {
            if error == .noSuchFileOrDirectory { return nil }
            throw .file("looking at", path, error)
        }
        return FileStatus(status)
    }

    /// Looks at an open file.
    ///
    /// The corresponding C function is `fstat`.
    ///
    /// - Throws: the `errno` of the call.
    package static func of(_ file: FileDescriptor) throws(Errno) -> FileStatus {
        var status = stat()
        _ = try systemCall { unsafe fstat(file.rawValue, &status) }
        return FileStatus(status)
    }

    private init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .link
            case S_IFBLK: .blockDevice
            default: .other
            }
        size = Int64(status.st_size)
        // st_blocks counts 512 bytes each, whatever the blocks of the filesystem are (stat(2)).
        allocated = Int64(status.st_blocks) * 512
        permissions = FilePermissions(rawValue: status.st_mode & 0o7777)
        owner = Ownership(user: status.st_uid, group: status.st_gid)
        device = (clinux_major(status.st_rdev), clinux_minor(status.st_rdev))
        changed = Int64(status.st_ctim.tv_sec)
        modified = Int64(status.st_mtim.tv_sec)
        filesystem = (clinux_major(status.st_dev), clinux_minor(status.st_dev))
    }

    /// Compares all fields but times and places.
    package static func == (left: FileStatus, right: FileStatus) -> Bool {
        left.kind == right.kind && left.size == right.size && left.permissions == right.permissions
            && left.owner == right.owner && left.device == right.device
    }
}
