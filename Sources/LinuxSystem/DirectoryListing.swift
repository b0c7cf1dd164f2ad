import Glibc
package import SystemPackage

/// Lists and makes folders.
package enum DirectoryListing {
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

    /// Makes a folder and those above it; one that exists is no error.
    ///
    /// - Throws: `SystemError` when it cannot be made. The corresponding C function is `mkdir`.
    package static func make(_ path: FilePath, permissions: UInt32 = 0o755) throws(SystemError) {
        if unsafe mkdir(path.string, permissions) == 0 || errno == EEXIST { return }
        let error = Errno(rawValue: errno)
        guard error == .noSuchFileOrDirectory, path.components.count > 1 else { throw .file("making", path, error) }
        try make(path.removingLastComponent(), permissions: permissions)
        guard unsafe mkdir(path.string, permissions) == 0 || errno == EEXIST else {
            throw .file("making", path, Errno(rawValue: errno))
        }
    }
}
