import CLinux
import Glibc
package import SystemPackage

// Names inside a directory tree that was made by somebody else, such as the root of an image. Symbolic links in it are
// followed as if the tree were the root, so that none can lead a mount or a write out of it.

/// Holds a directory open; names given to it never lead outside it.
package struct DirectoryHandle: ~Copyable, Sendable {
    private let owner: OwnedDescriptor
    /// The path it was opened by, for messages.
    package let path: FilePath
    /// Whether names may lead onto a filesystem that is mounted below it.
    private let crossesMounts: Bool

    /// Opens the directory that is to be the root of all names.
    ///
    /// - Parameter crossesMounts: whether names may lead onto a filesystem that is mounted below it.
    /// - Throws: `SystemError` when it is not there or not a directory.
    package init(root path: FilePath, crossesMounts: Bool = true) throws(SystemError) {
        do throws(Errno) {
            let descriptor = try systemCall { unsafe Glibc.open(path.string, Self.flags) }
            self.init(descriptor, path, crossesMounts)
        } catch {
            throw .file("opening", path, error)
        }
    }

    private init(_ descriptor: Int32, _ path: FilePath, _ crossesMounts: Bool) {
        self.init(
            owner: OwnedDescriptor(owning: FileDescriptor(rawValue: descriptor)), path: path,
            crossesMounts: crossesMounts)
    }

    private init(owner: consuming OwnedDescriptor, path: FilePath, crossesMounts: Bool) {
        self.owner = owner
        self.path = path
        self.crossesMounts = crossesMounts
    }

    private static let flags = clinux_path_only | O_DIRECTORY | O_CLOEXEC

    /// A path to mount on, valid in this process while the handle lives; it leads to exactly this directory.
    package var mountTarget: FilePath {
        FilePath("/proc/self/fd/\(owner.descriptor.rawValue)")
    }

    /// Opens a directory below this one.
    /// - Throws: `SystemError` when it is not there or not a directory.
    package borrowing func directory(_ name: FilePath) throws(SystemError) -> DirectoryHandle {
        do throws(Errno) {
            return try lookUp(name)
        } catch {
            throw .file("opening", path.pushing(name.removingRoot()), error)
        }
    }

    /// Opens a directory some levels below this one, of which no name is a link.
    ///
    /// - Returns: nil when there is none of these names, or something else has one of them.
    /// - Throws: `SystemError` when one cannot be opened, such as a mount point where mounts are not crossed.
    package borrowing func descend(_ names: [FilePath.Component]) throws(SystemError) -> DirectoryHandle? {
        do throws(Errno) {
            var handle = try lookUp("")
            for name in names {
                let flags = Self.flags | O_NOFOLLOW
                let descriptor = try handle.open(FilePath(root: nil, [name]), flags)
                handle = DirectoryHandle(descriptor, handle.path.appending(name), crossesMounts)
            }
            return handle
        } catch {
            // O_PATH with O_NOFOLLOW opens a link itself, which is no directory.
            if [.noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels].contains(error) { return nil }
            throw .file("opening", path.appending(names), error)
        }
    }

    /// The same directory, from which no name leads onto a filesystem that is mounted below it.
    package consuming func withoutMounts() -> DirectoryHandle {
        DirectoryHandle(owner: owner, path: path, crossesMounts: false)
    }

    /// Opens a directory below this one and makes it, and those above it, where they are missing.
    /// - Throws: `SystemError` when something else has one of the names, or nothing can be made.
    package borrowing func makeDirectory(
        _ name: FilePath, permissions: FilePermissions = [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute]
    ) throws(SystemError) -> DirectoryHandle {
        do throws(Errno) {
            return try make(name.removingRoot(), permissions)
        } catch {
            throw .file("making", path.pushing(name.removingRoot()), error)
        }
    }

    private borrowing func make(_ name: FilePath, _ permissions: FilePermissions) throws(Errno) -> DirectoryHandle {
        do throws(Errno) {
            return try lookUp(name)
        } catch {
            guard error == .noSuchFileOrDirectory, let last = name.lastComponent else { throw error }
            let parent = try make(name.removingLastComponent(), permissions)
            do throws(Errno) {
                try parent.owner.use { (parent) throws(Errno) in
                    _ = try systemCall { unsafe mkdirat(parent.rawValue, last.string, permissions.rawValue) }
                }
                try SecurityLabel.inherit(parent.mountTarget.appending(last), in: parent.mountTarget)
            } catch {
                // Another process may have made it; a dangling link is caught when it is opened.
                if error != .fileExists { throw error }
            }
            return try parent.lookUp(FilePath(root: nil, [last]))
        }
    }

    private borrowing func lookUp(_ name: FilePath) throws(Errno) -> DirectoryHandle {
        DirectoryHandle(try open(name, Self.flags), path.pushing(name.removingRoot()), crossesMounts)
    }

    private borrowing func open(_ name: FilePath, _ flags: Int32, mode: mode_t = 0) throws(Errno) -> Int32 {
        let relative = name.removingRoot()
        let text = relative.isEmpty ? "." : relative.string
        return try owner.use { (directory) throws(Errno) in
            try Self.lookingUp {
                unsafe clinux_open_in_root(directory.rawValue, text, flags, mode, crossesMounts ? 1 : 0)
            }
        }
    }

    /// How often a name is looked up at most; more than a few times is never seen, even among thousands of renames.
    static let lookUps = 128

    /// Looks a name up again when somebody on this machine, whoever it is, renamed or mounted something meanwhile.
    ///
    /// The kernel cannot say then where a `..` of a link leads, and leaves the next try to its caller (EAGAIN of openat2(2)).
    static func lookingUp(_ call: () -> Int32) throws(Errno) -> Int32 {
        for _ in 1..<lookUps {
            do throws(Errno) { return try systemCall(call) } catch {
                guard error == .resourceTemporarilyUnavailable else { throw error }
            }
        }
        return try systemCall(call)
    }

    /// Opens a file below this directory.
    /// - Throws: `SystemError` when it is not there.
    package borrowing func file(_ name: FilePath) throws(SystemError) -> OwnedDescriptor {
        do throws(Errno) {
            return OwnedDescriptor(owning: FileDescriptor(rawValue: try open(name, O_RDONLY)))
        } catch {
            throw .file("opening", path.pushing(name.removingRoot()), error)
        }
    }

    /// Opens a regular file below this directory whose name is no link, and never waits for somebody.
    ///
    /// - Throws: `SystemError` when it is not there, or something else is.
    package borrowing func regularFile(_ name: FilePath) throws(SystemError) -> OwnedDescriptor {
        let place = path.pushing(name.removingRoot())
        do throws(Errno) {
            let flags = O_RDONLY | O_NOFOLLOW | FileDescriptor.OpenOptions.withoutWaiting.rawValue
            let file = OwnedDescriptor(owning: FileDescriptor(rawValue: try open(name, flags)))
            if try FileStatus.of(file.descriptor).kind == .file { return file }
        } catch { throw .file("opening", place, error) }
        throw .notRegular(place)
    }

    /// Reads a regular file below this directory, and never waits for somebody; nil when its name does not exist.
    ///
    /// - Throws: `SystemError` when it cannot be read, is no regular file, or has more bytes than the limit.
    package borrowing func read(_ name: FilePath, limit: Int) throws(SystemError) -> [UInt8]? {
        let place = path.pushing(name.removingRoot())
        let descriptor: Int32
        do throws(Errno) {
            descriptor = try open(name, O_RDONLY | FileDescriptor.OpenOptions.withoutWaiting.rawValue)
        } catch {
            if error == .noSuchFileOrDirectory { return nil }
            throw error == .improperLink ? .outside(place) : .file("opening", place, error)
        }
        return try FileBytes.read(
            OwnedDescriptor(owning: FileDescriptor(rawValue: descriptor)), place, limit: limit)
    }

    /// Writes a file below this directory anew; its directory must exist.
    /// - Throws: `SystemError` when it cannot be made or written.
    package borrowing func write(
        _ bytes: [UInt8], to name: FilePath,
        permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
    ) throws(SystemError) {
        do throws(Errno) {
            let descriptor = try open(name, O_WRONLY | O_CREAT | O_TRUNC, mode: permissions.rawValue)
            let file = OwnedDescriptor(owning: FileDescriptor(rawValue: descriptor))
            try file.use { (file) throws(Errno) in _ = try catchingErrno { try file.writeAll(bytes) } }
            try file.close()
        } catch {
            throw .file("writing", path.pushing(name.removingRoot()), error)
        }
    }
}

extension DirectoryHandle {
    /// The directory's path without symbolic links, for file systems that take paths as options.
    ///
    /// - Throws: `SystemError` when the kernel does not tell. The corresponding C function is `readlink`.
    package var realPath: FilePath {
        get throws(SystemError) {
            let link = mountTarget
            do throws(Errno) { return try KernelLink.target(link) } catch { throw .file("resolving", path, error) }
        }
    }
}

/// Links that the kernel makes for what a process has open.
package enum KernelLink {
    /// What a link leads to.
    ///
    /// The corresponding C function is `readlink`.
    package static func target(_ link: FilePath) throws(Errno) -> FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = try systemCall { unsafe readlink(link.string, &buffer, buffer.count - 1) }
        return FilePath(String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}
