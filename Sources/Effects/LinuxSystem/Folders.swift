import CLinux
import Glibc
package import SystemPackage

/// Makes, lists, removes, renames and flushes folders.
package enum Folders {
    /// What of a folder is removed with it.
    package enum Content: Sendable {
        /// Plain files; another folder in it is an error, so that a wrong path loses little.
        case files
        /// Everything below it; links are removed, not followed.
        case tree
    }

    /// The names in a folder, sorted, without `.` and `..`; empty when the folder does not exist.
    ///
    /// - Throws: `SystemError` when it exists and cannot be read. The corresponding C functions are `opendir` and `readdir`.
    package static func names(of path: FilePath) throws(SystemError) -> [String] {
        guard let stream = unsafe opendir(path.string) else {
            let error = Errno(rawValue: errno)
            if error == .noSuchFileOrDirectory { return [] }
            throw .file("listing", path, error)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw .file("listing", path, Errno(rawValue: errno)) }
        return names.sorted()
    }

    /// Says whether a folder holds nothing; false for what is no folder.
    ///
    /// - Throws: `SystemError` when it cannot be read.
    package static func isEmpty(_ path: FilePath) throws(SystemError) -> Bool {
        guard try FileStatus.of(path, followingLinks: false)?.kind == .directory else { return false }
        return try names(of: path).isEmpty
    }

    /// Makes a folder and those above it; one that exists is no error.
    ///
    /// - Throws: `SystemError` when it cannot be made. The corresponding C function is `mkdir`.
    package static func make(_ path: FilePath, permissions: UInt32 = 0o755) throws(SystemError) {
        // The folder of a file that is named without one.
        if path.isEmpty { return }
        do throws(SystemError) { try makeNew(path, permissions: permissions) } catch {
            if error.errno == .fileExists { return }
            guard error.errno == .noSuchFileOrDirectory, path.components.count > 1 else { throw error }
            try make(path.removingLastComponent(), permissions: permissions)
            do throws(SystemError) { try makeNew(path, permissions: permissions) } catch {
                if error.errno != .fileExists { throw error }
            }
        }
    }

    /// Makes a folder that is not there yet, in one that is.
    ///
    /// - Throws: `SystemError` when it is there or cannot be made. The corresponding C function is `mkdir`.
    package static func makeNew(_ path: FilePath, permissions: UInt32 = 0o755) throws(SystemError) {
        try checked("making", path) { unsafe mkdir(path.string, permissions) }
    }

    /// Removes a folder, or a file in a folder's place; one that is not there is no error.
    ///
    /// - Parameter whileRemoving: called for every folder in a tree, so that a watchdog can be served.
    /// - Throws: `SystemError` naming the first path that cannot be removed. The corresponding C functions are `rmdir` and
    ///   `unlink`.
    package static func remove(
        _ path: FilePath, _ content: Content, whileRemoving: () -> Void = {}
    ) throws(SystemError) {
        guard let status = try FileStatus.of(path, followingLinks: false) else { return }
        guard status.kind == .directory else { return try removeFile(path) }
        switch content {
        case .tree: try TreeRemoval.empty(path, whileRemoving)
        case .files: for name in try names(of: path) { try removeFile(path.appending(name)) }
        }
        try checked("removing", path) { unsafe rmdir(path.string) }
    }

    /// Removes a file, which must be there.
    ///
    /// - Throws: `SystemError` when it cannot be removed. The corresponding C function is `unlink`.
    package static func removeFile(_ path: FilePath) throws(SystemError) {
        try checked("removing", path) { unsafe unlink(path.string) }
    }

    /// Gives a file or folder another name on the same filesystem, over a file or an empty folder if there is one.
    ///
    /// - Throws: `SystemError` when it cannot. The corresponding C function is `rename`.
    package static func rename(_ path: FilePath, to target: FilePath) throws(SystemError) {
        try checked("renaming", path) { unsafe Glibc.rename(path.string, target.string) }
    }

    /// Flushes every file in a folder and the folder itself.
    ///
    /// - Throws: `SystemError` when one of them cannot be flushed.
    package static func flush(_ path: FilePath) throws(SystemError) {
        for name in try names(of: path) { try flushEntry(path.appending(name)) }
        try flushEntry(path)
    }

    /// Flushes one file or folder; of a folder that makes the names in it last.
    ///
    /// - Throws: `SystemError` when it cannot be opened or flushed. The corresponding C function is `fsync`.
    package static func flushEntry(_ path: FilePath) throws(SystemError) {
        try withDescriptor("flushing", path) { fsync($0) }
    }

    /// Writes everything of the filesystem that holds a folder to its disk.
    ///
    /// - Throws: `SystemError` when it cannot. The corresponding C function is `syncfs`.
    package static func flushFilesystem(_ path: FilePath) throws(SystemError) {
        try withDescriptor("flushing", path) { clinux_syncfs($0) }
    }

    private static func withDescriptor(
        _ operation: String, _ path: FilePath, _ call: (CInt) -> CInt
    ) throws(SystemError) {
        do throws(Errno) {
            let file = try OwnedDescriptor(opening: path)
            let descriptor = file.descriptor.rawValue
            _ = try systemCall { call(descriptor) }
        } catch { throw .file(operation, path, error) }
    }

    private static func checked(_ operation: String, _ path: FilePath, _ call: () -> CInt) throws(SystemError) {
        do throws(Errno) { _ = try systemCall(call) } catch { throw .file(operation, path, error) }
    }
}
