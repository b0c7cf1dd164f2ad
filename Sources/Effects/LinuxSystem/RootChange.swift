import Glibc
package import SystemPackage

/// Gives this process another root.
package enum RootChange {
    /// What is the kernel's, and what of this machine changes while it runs.
    private static let shared = ["dev", "proc", "sys", "run"]

    /// Makes a folder the root of this process, with `/dev`, `/proc`, `/sys` and `/run` of the present one in it.
    ///
    /// The mounts that it takes are gone with the process. Call it before there are threads.
    ///
    /// The corresponding C function is `chroot`.
    ///
    /// - Throws: `SystemError` when this is not root, or one of these folders is missing.
    package static func enter(_ root: FilePath) throws(SystemError) {
        try MountNamespace.unshare()
        for name in shared { try Mount.bind(FilePath("/\(name)"), on: root.appending(name), recursive: true) }
        do throws(Errno) {
            _ = try systemCall { unsafe Glibc.chroot(root.string) }
            _ = try systemCall { unsafe chdir("/") }
        } catch { throw .file("changing the root to", root, error) }
    }
}
