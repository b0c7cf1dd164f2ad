import CLinux
import Glibc
import SystemPackage

/// Gives this process mounts of its own.
package enum MountNamespace {
    /// From now on nobody else sees what this process mounts, and its end, whatever ends it, undoes it; what others mount
    /// and unmount is seen here too, so that nothing of theirs is kept busy.
    ///
    /// Only the calling thread and those that it starts later are meant: call it before there are others. A remount
    /// still changes the filesystem for everybody, but the flags of their mounts stay.
    ///
    /// The corresponding C functions are `unshare` with `CLONE_NEWNS` and `mount` with `MS_SLAVE`.
    /// - Throws: `SystemError` when this is not root.
    package static func unshare() throws(SystemError) {
        do throws(Errno) { _ = try systemCall { clinux_unshare_mounts() } } catch {
            throw .file("separating the mounts of", "this process", error)
        }
    }
}
