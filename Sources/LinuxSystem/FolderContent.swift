import Glibc
package import SystemPackage

/// Handles folders of files as a whole: what a program writes before it gives it a name.
package enum FolderContent {
    /// Makes a folder.
    ///
    /// The corresponding C function is `mkdir`.
    ///
    /// - Throws: `SystemError` when it is there or cannot be made.
    package static func make(
        _ path: FilePath, permissions: FilePermissions = FilePermissions(rawValue: 0o755)
    )
        throws(SystemError)
    {
        try checked("making", path) { unsafe path.withPlatformString { unsafe mkdir($0, permissions.rawValue) } }
    }

    /// Says whether a folder holds nothing; false for what is no folder.
    ///
    /// - Throws: `SystemError` when it cannot be read.
    package static func isEmpty(_ path: FilePath) throws(SystemError) -> Bool {
        guard try FileStatus.of(path, followingLinks: false)?.kind == .directory else { return false }
        return try names(path).isEmpty
    }

    /// Removes a folder of plain files; one that is not there is no error.
    ///
    /// - Throws: `SystemError` when something in it cannot be removed, such as another folder.
    package static func remove(_ path: FilePath) throws(SystemError) {
        guard try FileStatus.of(path, followingLinks: false) != nil else { return }
        for name in try names(path) {
            let file = path.appending(name)
            try checked("removing", file) { unsafe file.withPlatformString { unsafe unlink($0) } }
        }
        try checked("removing", path) { unsafe path.withPlatformString { unsafe rmdir($0) } }
    }

    /// Removes a file.
    ///
    /// The corresponding C function is `unlink`.
    ///
    /// - Throws: `SystemError` when it is not there or cannot be removed.
    package static func removeFile(_ path: FilePath) throws(SystemError) {
        try checked("removing", path) { unsafe path.withPlatformString { unsafe unlink($0) } }
    }

    /// Gives a file or folder another name, over an empty folder if there is one.
    ///
    /// The corresponding C function is `rename`.
    ///
    /// - Throws: `SystemError` when the other name is taken or on another filesystem.
    package static func rename(_ path: FilePath, to target: FilePath) throws(SystemError) {
        try checked("renaming", path) {
            unsafe path.withPlatformString { old in
                unsafe target.withPlatformString { unsafe Glibc.rename(old, $0) }
            }
        }
    }

    /// Flushes every file in a folder and the folder itself.
    ///
    /// - Throws: `SystemError` when one of them cannot be flushed.
    package static func flush(_ path: FilePath) throws(SystemError) {
        for name in try names(path) { try flushEntry(path.appending(name)) }
        try flushEntry(path)
    }

    /// Flushes one file or folder.
    ///
    /// The corresponding C function is `fsync`.
    ///
    /// - Throws: `SystemError` when it cannot be opened or flushed.
    package static func flushEntry(_ path: FilePath) throws(SystemError) {
        do throws(Errno) {
            let file = try OwnedDescriptor(opening: path)
            let descriptor = file.descriptor.rawValue
            _ = try systemCall { fsync(descriptor) }
        } catch {
            throw .file("flushing", path, error)
        }
    }

    private static func checked(_ operation: String, _ path: FilePath, _ call: () -> Int32) throws(SystemError) {
        do throws(Errno) { _ = try systemCall(call) } catch { throw .file(operation, path, error) }
    }

    /// The names in a folder, sorted.
    ///
    /// - Throws: `SystemError` when it cannot be read.
    package static func fileNames(_ path: FilePath) throws(SystemError) -> [String] { try names(path) }

    private static func names(_ path: FilePath) throws(SystemError) -> [String] {
        guard let stream = unsafe path.withPlatformString({ unsafe opendir($0) }) else {
            throw .file("reading", path, Errno(rawValue: errno))
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let item = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &item.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            names.append(String(decoding: name, as: UTF8.self))
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }
}

/// Names this process.
package enum ProcessIdentity {
    /// Its number.
    ///
    /// The corresponding C function is `getpid`.
    package static var own: Int32 { getpid() }
}
