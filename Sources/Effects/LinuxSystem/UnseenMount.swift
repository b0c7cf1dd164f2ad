import CLinux
package import SystemPackage

/// A filesystem that is mounted nowhere: reached by a descriptor alone, and unmounted when that is closed.
///
/// The end of the process closes it, too, whatever ends it.
package struct UnseenMount: ~Copyable {
    private let root: OwnedDescriptor

    /// Mounts a device with `nodev`, `nosuid` and `noexec`.
    ///
    /// The corresponding C functions are `fsopen`, `fsconfig` and `fsmount` (Linux 5.2).
    /// - Throws: `SystemError` when it cannot be mounted.
    package init(of device: FilePath, filesystem: String, readOnly: Bool) throws(SystemError) {
        do throws(Errno) {
            let descriptor = try systemCall {
                unsafe clinux_mount_unseen(device.string, filesystem, readOnly ? 1 : 0)
            }
            root = OwnedDescriptor(owning: FileDescriptor(rawValue: descriptor))
        } catch {
            throw .mount(device.string, "a place of its own", error, message: "")
        }
    }

    /// Hands over a path of its root, which only this process can follow.
    package borrowing func use<Result>(_ body: (FilePath) throws -> Result) rethrows -> Result {
        try body(FilePath("/proc/self/fd/\(root.descriptor.rawValue)"))
    }
}
