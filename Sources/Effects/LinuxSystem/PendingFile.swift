import Glibc
package import SystemPackage

/// Owns a file that is written piece by piece beside the one whose name it takes when it is whole.
///
/// It has its mode and owner before the first byte, so that a secret is never readable for others. Dropped before its
/// end it leaves nothing behind.
package struct PendingFile: ~Copyable {
    private let folder: DirectoryHandle
    private let name: FilePath.Component
    private let temporary: FilePath
    private let file: OwnedDescriptor
    private let mode: UInt16
    private let owner: Ownership

    /// Makes an empty file in a folder, and removes what a cut has left of earlier ones for the same name.
    ///
    /// - Parameter removingAbandoned: whether that is looked for, which lists the folder.
    /// - Throws: `SystemError` when it cannot be made.
    package init(
        _ name: FilePath.Component, in folder: borrowing DirectoryHandle, mode: UInt16, owner: Ownership,
        removingAbandoned: Bool = true
    ) throws(SystemError) {
        let own = try folder.directory(".")
        if removingAbandoned { Self.removeAbandoned(name, in: own) }
        let temporary = own.mountTarget.appending(Self.prefix(of: name) + "\(getpid())")
        do throws(Errno) {
            file = try Self.open(temporary, mode, owner, labelled: own.mountTarget.appending(name), own.mountTarget)
        } catch {
            throw .file("writing", folder.path.appending(name), error)
        }
        self.folder = own
        self.name = name
        self.temporary = temporary
        self.mode = mode
        self.owner = owner
    }

    private static func open(
        _ path: FilePath, _ mode: UInt16, _ owner: Ownership, labelled old: FilePath, _ folder: FilePath
    ) throws(Errno) -> OwnedDescriptor {
        let file = try OwnedDescriptor(
            opening: path, .readWrite, options: [.create, .truncate, .noFollow], permissions: .ownerReadWrite)
        let descriptor = file.descriptor.rawValue
        do throws(Errno) {
            // Changing the owner takes set-user-ID bits away, so the mode comes second.
            _ = try systemCall { fchown(descriptor, owner.user, owner.group) }
            _ = try systemCall { fchmod(descriptor, mode_t(mode)) }
            try SecurityLabel.inherit(path, replacing: old, in: folder)
        } catch {
            unsafe unlink(path.string)
            throw error
        }
        return file
    }

    private static func prefix(of name: FilePath.Component) -> String { ".\(name.string).new-" }

    /// Removes those of processes that are no more.
    private static func removeAbandoned(_ name: FilePath.Component, in folder: borrowing DirectoryHandle) {
        let prefix = prefix(of: name)
        for text in (try? folder.names()) ?? [] where text.hasPrefix(prefix) {
            guard let process = pid_t(text.dropFirst(prefix.count)), kill(process, 0) == -1, errno == ESRCH,
                let name = FilePath.Component(text)
            else { continue }
            try? folder.remove(name)
        }
    }

    private var path: FilePath { folder.path.appending(name) }

    /// The folder that it lies in, for asking how much room there is.
    package var place: FilePath { folder.mountTarget }

    /// Writes the next bytes.
    ///
    /// - Throws: `SystemError` when they cannot be written.
    package borrowing func write(_ bytes: Span<UInt8>) throws(SystemError) {
        do throws(Errno) { try FileBlock.write(bytes, to: file.descriptor) } catch {
            throw .file("writing", path, error)
        }
    }

    /// Takes away what was written.
    ///
    /// - Throws: `SystemError` when it cannot.
    package borrowing func restart() throws(SystemError) {
        let descriptor = file.descriptor
        do throws(Errno) {
            _ = try systemCall { ftruncate(descriptor.rawValue, 0) }
            _ = try catchingErrno { try descriptor.seek(offset: 0, from: .start) }
        } catch { throw .file("writing", path, error) }
    }

    /// Gives it its name, whatever was there but a folder, so that a cut leaves the old or the new one, whole.
    ///
    /// - Throws: `SystemError`; what was there is there still.
    package consuming func commit() throws(SystemError) {
        let (descriptor, target) = (file.descriptor, folder.mountTarget.appending(name))
        do throws(Errno) {
            _ = try systemCall { fsync(descriptor.rawValue) }
            _ = try systemCall { unsafe rename(temporary.string, target.string) }
            try folder.flush()
        } catch { throw .file("writing", path, error) }
    }

    /// Gives it its name where there is no file with its content, mode and owner; else drops it.
    ///
    /// - Returns: whether it took the name.
    /// - Throws: `SystemError`; what was there is there still.
    package consuming func commitDifferent() throws(SystemError) -> Bool {
        if try isThere() { return false }
        try commit()
        return true
    }

    private borrowing func isThere() throws(SystemError) -> Bool {
        guard let old = try folder.status(name), old.kind == .file, old.permissions.rawValue == UInt32(mode),
            old.owner == owner
        else { return false }
        let other = try folder.file(FilePath(root: nil, [name]))
        do throws(Errno) { return try FileBlock.areEqual(file.descriptor, other.descriptor) } catch {
            throw .file("reading", path, error)
        }
    }

    deinit { unsafe unlink(temporary.string) }
}
