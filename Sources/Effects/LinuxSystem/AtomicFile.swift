import Glibc
package import SystemPackage

/// Replaces files so that a power cut leaves the old or the new one, whole.
package enum AtomicFile {
    /// Writes beside the file, flushes, renames over it and flushes the folder.
    /// - Throws: `SystemError`; the old file is then still there, and nothing beside it.
    package static func write(
        _ bytes: [UInt8], to path: FilePath,
        permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
    ) throws(SystemError) {
        let temporary = FilePath(path.string + ".new-\(getpid())")
        do throws(Errno) {
            let file = try OwnedDescriptor(
                opening: temporary, .writeOnly, options: [.create, .truncate, .noFollow], permissions: permissions)
            let descriptor = file.descriptor
            _ = try catchingErrno { try descriptor.writeAll(bytes) }
            _ = try systemCall { fsync(descriptor.rawValue) }
            try file.close()
            _ = try systemCall { unsafe rename(temporary.string, path.string) }
            try flush(path.removingLastComponent())
        } catch {
            unsafe unlink(temporary.string)
            throw .file("writing", path, error)
        }
    }

    /// Flushes a folder, which makes a rename in it last.
    private static func flush(_ folder: FilePath) throws(Errno) {
        try OwnedDescriptor(opening: folder.isEmpty ? "." : folder, options: .directory).use { (folder) throws(Errno) in
            _ = try systemCall { fsync(folder.rawValue) }
        }
    }
}
