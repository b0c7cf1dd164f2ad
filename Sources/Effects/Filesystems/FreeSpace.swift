import Glibc
import LinuxSystem
package import SystemPackage

/// Tells how much space there is.
package enum FreeSpace {
    /// Bytes that an ordinary user could still write to the filesystem of a path; one without a size has no limit.
    ///
    /// The corresponding C function is `statvfs`.
    ///
    /// - Throws: `PreallocationError` when the filesystem cannot be asked.
    package static func bytes(at path: FilePath) throws(PreallocationError) -> Int {
        var status = statvfs()
        do throws(Errno) { _ = try systemCall { unsafe statvfs(path.string, &status) } } catch {
            throw .call("looking at the free space of", path, error)
        }
        // As a tmpfs says that was mounted with size=0 (tmpfs(5)).
        if status.f_blocks == 0 { return .max }
        let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
            by: Int(clamping: status.f_frsize))
        return overflow ? .max : bytes
    }
}
