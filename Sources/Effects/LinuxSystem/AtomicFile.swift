import CLinux
import Glibc
package import SystemPackage

/// Replaces files so that a power cut leaves the old or the new one, whole.
package enum AtomicFile {
    /// Writes beside the file, flushes, renames over it and flushes the folder.
    ///
    /// - Parameter isDurable: false when the caller flushes file and folder before anything depends on them.
    /// - Throws: `SystemError`; the old file is then still there, and nothing beside it.
    package static func write(
        _ bytes: [UInt8], to path: FilePath,
        permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead], isDurable: Bool = true
    ) throws(SystemError) {
        let temporary = FilePath(path.string + ".new-\(getpid())")
        do throws(Errno) {
            let file = try OwnedDescriptor(
                opening: temporary, .writeOnly, options: [.create, .truncate, .noFollow], permissions: permissions)
            let descriptor = file.descriptor
            let folder = path.removingLastComponent()
            try SecurityLabel.inherit(temporary, replacing: path, in: folder.isEmpty ? "." : folder)
            _ = try catchingErrno { try descriptor.writeAll(bytes) }
            if isDurable { _ = try systemCall { fsync(descriptor.rawValue) } }
            try file.close()
            _ = try systemCall { unsafe rename(temporary.string, path.string) }
            if isDurable { try flush(folder) }
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

/// Exchanges two names in one step.
package enum NameExchange {
    /// Exchanges the names of two files of one filesystem; flushing it is the caller's.
    ///
    /// The corresponding C function is `renameat2` with `RENAME_EXCHANGE`; FAT knows it since Linux 6.0.
    /// - Throws: `SystemError`, with `EINVAL` where the filesystem cannot.
    package static func perform(_ one: FilePath, _ other: FilePath) throws(SystemError) {
        do throws(Errno) {
            _ = try systemCall { unsafe clinux_exchange_names(one.string, other.string) }
        } catch {
            throw .file("exchanging the names of \(one.lastComponent?.string ?? "") and", other, error)
        }
    }
}
