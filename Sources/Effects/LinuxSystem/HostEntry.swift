import CLinux
import Glibc
package import SystemPackage

/// Takes this process out of a container, onto the machine whose root is mounted there.
package enum HostEntry {
    /// Enters it: joins mounts and network of the machine's first process, or changes the root where the container may not.
    ///
    /// The working directory is its root then. With the root alone the mounts are the container's, and end with it. Call it
    /// before there are threads.
    ///
    /// The corresponding C functions are `setns` and `chroot`.
    ///
    /// - Throws: `SystemError` when not even the root can be changed.
    package static func enter(_ folder: FilePath) throws(SystemError) {
        if joinNamespaces(of: folder) { return }
        do throws(Errno) {
            _ = try systemCall { unsafe chroot(folder.string) }
            _ = try systemCall { unsafe chdir("/") }
        } catch { throw .file("changing the root to", folder, error) }
    }

    /// Joins them where the first process has the folder as its root: else it is another machine's, or a part of one.
    private static func joinNamespaces(of folder: FilePath) -> Bool {
        let first = folder.appending("proc/1")
        // What the dot follows is a link of the kernel's.
        guard let own = try? FileStamp.of(folder.appending(".")),
            let root = try? FileStamp.of(first.appending("root/.")),
            own.device == root.device, own.inode == root.inode,
            let mounts = try? OwnedDescriptor(opening: first.appending("ns/mnt")),
            let network = try? OwnedDescriptor(opening: first.appending("ns/net"))
        else { return false }
        return clinux_join_namespaces(network.descriptor.rawValue, mounts.descriptor.rawValue) == 0
    }
}
