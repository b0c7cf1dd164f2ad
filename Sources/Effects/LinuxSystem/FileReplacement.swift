import CLinux
import Glibc
package import SystemPackage

/// Who owns a file or folder, by number.
package struct Ownership: Equatable, Sendable {
    /// The user.
    package var user: UInt32
    /// The group.
    package var group: UInt32

    /// Names an owner.
    package init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }

    /// Root.
    package static let root = Ownership(user: 0, group: 0)
}

// Files in a directory that is held open: no name leads out of it, and a link under the last name is never followed.
extension DirectoryHandle {
    /// The names in this directory, unsorted, without `.` and `..`.
    ///
    /// - Throws: `SystemError` when it cannot be read.
    package borrowing func names() throws(SystemError) -> [String] { try Folders.names(of: mountTarget) }

    /// Looks at an entry of this directory; nil when there is none of the name.
    ///
    /// - Throws: `SystemError` when it cannot be looked at.
    package borrowing func status(_ name: FilePath.Component) throws(SystemError) -> FileStatus? {
        try FileStatus.of(place(of: name), followingLinks: false)
    }

    /// Puts a file under a name, whatever was there but a folder, so that a cut leaves the old or the new one, whole.
    ///
    /// Mode and owner are set before the content is in it, so that a secret is never readable for others.
    ///
    /// - Throws: `SystemError`; what was there is there still.
    package borrowing func replace(
        _ name: FilePath.Component, with bytes: [UInt8], mode: UInt16, owner: Ownership
    ) throws(SystemError) {
        // A stage may write thousands into one folder, and what a cut leaves of such a file is small.
        let file = try PendingFile(name, in: self, mode: mode, owner: owner, removingAbandoned: false)
        try file.write(bytes.span)
        try file.commit()
    }

    /// Puts a file under a name where there is none with this content, mode and owner.
    ///
    /// - Returns: whether it was put there.
    /// - Throws: `SystemError`; what was there is there still.
    package borrowing func replaceDifferent(
        _ name: FilePath.Component, with bytes: [UInt8], mode: UInt16, owner: Ownership
    ) throws(SystemError) -> Bool {
        if let status = try status(name), status.kind == .file, status.size == Int64(bytes.count),
            status.permissions.rawValue == UInt32(mode), status.owner == owner,
            try read(FilePath(root: nil, [name]), limit: bytes.count) == bytes
        {
            return false
        }
        try replace(name, with: bytes, mode: mode, owner: owner)
        return true
    }

    /// Puts a symbolic link under a name, whatever was there but a folder.
    ///
    /// - Throws: `SystemError`; what was there is there still.
    package borrowing func link(_ name: FilePath.Component, to target: String) throws(SystemError) {
        let place = place(of: name)
        let temporary = mountTarget.appending(".\(name.string).new-\(getpid())")
        do throws(Errno) {
            unsafe unlink(temporary.string)
            _ = try systemCall { unsafe symlink(target, temporary.string) }
            try SecurityLabel.inherit(temporary, replacing: place, in: mountTarget)
            _ = try systemCall { unsafe rename(temporary.string, place.string) }
            try flush()
        } catch {
            unsafe unlink(temporary.string)
            throw .file("linking", path.appending(name), error)
        }
    }

    /// Where the link of a name leads, as it is written; nil when there is no link of the name.
    package borrowing func linkTarget(_ name: FilePath.Component) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = unsafe readlink(place(of: name).string, &buffer, buffer.count)
        guard length > 0 else { return nil }
        return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Takes a file or link away; one that is not there is no error.
    ///
    /// - Throws: `SystemError` when it cannot be removed.
    package borrowing func remove(_ name: FilePath.Component) throws(SystemError) {
        do throws(Errno) { _ = try systemCall { unsafe unlink(place(of: name).string) } } catch {
            if error != .noSuchFileOrDirectory { throw .file("removing", path.appending(name), error) }
        }
    }

    /// Mode and owner of this directory.
    ///
    /// - Throws: `SystemError` when it cannot be looked at.
    package borrowing func attributes() throws(SystemError) -> (mode: UInt16, owner: Ownership) {
        guard let status = try FileStatus.of(mountTarget) else {
            throw .file("looking at", path, .noSuchFileOrDirectory)
        }
        return (UInt16(truncatingIfNeeded: status.permissions.rawValue), status.owner)
    }

    /// Sets mode and owner of this directory.
    ///
    /// - Throws: `SystemError` when they cannot be set.
    package borrowing func setAttributes(mode: UInt16, owner: Ownership) throws(SystemError) {
        do throws(Errno) {
            // Changing the owner takes set-user-ID bits away, so the mode comes second.
            _ = try systemCall { unsafe chown(mountTarget.string, owner.user, owner.group) }
            _ = try systemCall { unsafe chmod(mountTarget.string, mode_t(mode)) }
        } catch { throw .file("changing", path, error) }
    }

    private borrowing func place(of name: FilePath.Component) -> FilePath { mountTarget.appending(name) }

    /// Makes the names in this directory last.
    borrowing func flush() throws(Errno) {
        try OwnedDescriptor(opening: mountTarget, options: .directory).use { (folder) throws(Errno) in
            _ = try systemCall { fsync(folder.rawValue) }
        }
    }
}
