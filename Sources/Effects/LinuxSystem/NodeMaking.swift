import CLinux
import Glibc
package import SystemPackage

// What archives and layers of overlays hold, made in a directory that is held open: no name leads out of it.

/// What a file has besides its content.
package struct NodeAttributes: Sendable {
    /// The owner.
    package var owner: Ownership
    /// The twelve permission bits; a symbolic link has none.
    package var permissions: UInt16
    /// Time of the last change, in seconds since 1970.
    package var modified: Int64
    /// Extended attributes, by name with its namespace.
    package var extended: [(name: String, value: [UInt8])]

    /// Collects attributes.
    package init(
        owner: Ownership, permissions: UInt16, modified: Int64,
        extended: [(name: String, value: [UInt8])] = []
    ) {
        self.owner = owner
        self.permissions = permissions
        self.modified = modified
        self.extended = extended
    }
}

extension DirectoryHandle {
    /// Makes a file that must not be there yet, for root alone, and opens it for writing.
    ///
    /// - Throws: `SystemError` when it is there or cannot be made.
    package borrowing func makeFile(_ name: FilePath.Component) throws(SystemError) -> OwnedDescriptor {
        do throws(Errno) {
            return try OwnedDescriptor(
                opening: mountTarget.appending(name), .writeOnly,
                options: [.create, .exclusiveCreate, .noFollow],
                permissions: .ownerReadWrite)
        } catch { throw .file("making", path.appending(name), error) }
    }

    /// Makes a symbolic link that must not be there yet; what it leads to is not looked at.
    ///
    /// - Throws: `SystemError` when it is there or cannot be made. The corresponding C function is `symlink`.
    package borrowing func makeSymbolicLink(
        _ name: FilePath.Component, to target: [UInt8]
    )
        throws(SystemError)
    {
        let text = (target.prefix { $0 != 0 } + [0]).map { CChar(bitPattern: $0) }
        try call("linking", name) { place in unsafe symlink(text, place) }
    }

    /// Gives a file of a directory on the same filesystem another name, which must not be there yet.
    ///
    /// - Throws: `SystemError` when it cannot. The corresponding C function is `link`.
    package borrowing func makeHardLink(
        _ name: FilePath.Component, to file: FilePath.Component, in folder: borrowing DirectoryHandle
    ) throws(SystemError) {
        let source = folder.mountTarget.appending(file).string
        try call("linking", name) { place in unsafe Glibc.link(source, place) }
    }

    /// Makes a pipe that must not be there yet.
    ///
    /// - Throws: `SystemError` when it is there or cannot be made. The corresponding C function is `mkfifo`.
    package borrowing func makePipe(_ name: FilePath.Component) throws(SystemError) {
        try call("making", name) { place in unsafe mkfifo(place, 0o600) }
    }

    /// Marks a name as taken away from lower layers of an overlay (a character device 0:0).
    ///
    /// - Throws: `SystemError` when something has the name. The corresponding C function is `mknod`.
    package borrowing func makeWhiteout(_ name: FilePath.Component) throws(SystemError) {
        try call("making", name) { place in unsafe mknod(place, S_IFCHR, 0) }
    }

    /// Gives owner, mode, extended attributes and time; `.` is the directory itself.
    ///
    /// The owner comes first: changing it takes set-user-ID bits and file capabilities away.
    ///
    /// - Returns: whether the filesystem took all extended attributes; one that it does not know is left out.
    /// - Throws: `SystemError` when something cannot be set.
    package borrowing func setAttributes(
        of name: FilePath.Component, _ attributes: NodeAttributes, isLink: Bool = false
    ) throws(SystemError) -> Bool {
        let (user, group) = (attributes.owner.user, attributes.owner.group)
        try call("changing", name) { place in unsafe lchown(place, user, group) }
        if !isLink {
            let mode = mode_t(attributes.permissions & 0o7777)
            try call("changing", name) { place in unsafe chmod(place, mode) }
        }
        var tookAll = true
        for (attribute, value) in attributes.extended {
            do throws(SystemError) {
                try call("changing", name) { place in
                    unsafe clinux_set_attribute(place, attribute, value, UInt(value.count))
                }
            } catch {
                guard error.errno == .notSupported else { throw error }
                tookAll = false
            }
        }
        try setModified(name, attributes.modified)
        return tookAll
    }

    /// Sets the time of the last change, in seconds since 1970; a link gets its own.
    ///
    /// - Throws: `SystemError` when it cannot be set. The corresponding C function is `utimensat`.
    package borrowing func setModified(
        _ name: FilePath.Component, _ seconds: Int64
    )
        throws(SystemError)
    {
        let time = timespec(tv_sec: time_t(seconds), tv_nsec: 0)
        try call("changing", name) { place in
            unsafe utimensat(AT_FDCWD, place, [time, time], AT_SYMLINK_NOFOLLOW)
        }
    }

    private borrowing func call(
        _ operation: String, _ name: FilePath.Component, _ body: (String) -> Int32
    ) throws(SystemError) {
        let place = mountTarget.appending(name).string
        do throws(Errno) { _ = try systemCall { body(place) } } catch {
            throw .file(operation, path.appending(name), error)
        }
    }
}

/// Reads what overlayfs marks files with.
package enum OverlayMark {
    /// The attribute of a folder that hides those of the same path below it; its value is then `y` (Linux,
    /// Documentation/filesystems/overlayfs.rst).
    package static let opaque = "trusted.overlay.opaque"
    /// The attribute of a folder that was renamed: it shows another folder of the lower layer.
    package static let redirect = "trusted.overlay.redirect"

    /// Says whether something is a whiteout; a symbolic link is not followed.
    ///
    /// - Throws: `SystemError` when it cannot be looked at. The corresponding C function is `lstat`.
    package static func isWhiteout(_ path: FilePath) throws(SystemError) -> Bool {
        var status = stat()
        do throws(Errno) { _ = try systemCall { unsafe lstat(path.string, &status) } } catch {
            throw .file("looking at", path, error)
        }
        return status.st_mode & S_IFMT == S_IFCHR && status.st_rdev == 0
    }

    /// The value of an extended attribute; nil when there is none of the name, or the filesystem has none at all.
    ///
    /// - Throws: `SystemError` when it cannot be read. The corresponding C function is `lgetxattr`.
    package static func attribute(_ name: String, of path: FilePath) throws(SystemError) -> [UInt8]? {
        do throws(Errno) { return try ExtendedAttributes.valueIfPresent(name, of: path) } catch {
            throw .file("reading attributes of", path, error)
        }
    }
}
