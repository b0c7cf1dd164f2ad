import Glibc
package import SystemPackage

extension DirectoryHandle {
    /// The directory's path without symbolic links, for file systems that take paths as options.
    ///
    /// - Throws: `SystemError` when the kernel does not tell. The corresponding C function is `readlink`.
    package var realPath: FilePath {
        get throws(SystemError) {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let link = mountTarget
            do throws(Errno) {
                let count = try systemCall { unsafe readlink(link.string, &buffer, buffer.count - 1) }
                return FilePath(String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self))
            } catch { throw .file("resolving", path, error) }
        }
    }
}
