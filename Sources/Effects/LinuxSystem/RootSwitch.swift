import CLinux
import Glibc
package import SystemPackage

/// Leaves an initramfs for the root that was mounted in it.
package enum RootSwitch {
    /// What is moved along, in any order; systemd expects all of them.
    private static let kept = ["dev", "proc", "sys", "run"]
    private static let (MS_MOVE, MNT_DETACH) = (UInt(8192), CInt(2))

    /// Makes a mounted folder the root of the machine, and gives the memory of the initramfs back.
    ///
    /// Until the folder itself is moved everything can be gone on with; afterwards the initramfs is gone.
    ///
    /// The corresponding C functions are `mount` with `MS_MOVE`, `chroot` and `unlinkat`.
    ///
    /// - Returns: why something of the initramfs was left behind; nil when nothing was.
    /// - Throws: `SystemError` when the root cannot be changed.
    package static func perform(to root: FilePath) throws(SystemError) -> String? {
        let old: OwnedDescriptor
        do throws(Errno) {
            old = try OwnedDescriptor(opening: "/", .readOnly, options: .init(rawValue: O_DIRECTORY | O_CLOEXEC))
        } catch { throw .file("opening", "/", error) }
        for name in kept { try move("/\(name)", to: root.appending(name).string) }
        do throws(Errno) {
            _ = try systemCall { unsafe chdir(root.string) }
            _ = try systemCall { unsafe mount(".", "/", nil, MS_MOVE, nil) }
            _ = try systemCall { unsafe chroot(".") }
            _ = try systemCall { unsafe chdir("/") }
        } catch { throw .file("changing the root to", root, error) }
        return leftOver(old.descriptor)
    }

    /// Moves a mount; where the new root has no place for it, it is detached, as the new root's init mounts it itself.
    private static func move(_ source: String, to target: String) throws(SystemError) {
        do throws(Errno) { _ = try systemCall { unsafe mount(source, target, nil, MS_MOVE, nil) } } catch {
            guard error == .noSuchFileOrDirectory || error == .notDirectory else {
                throw .mount(source, target, error, message: "")
            }
            _ = unsafe umount2(source, MNT_DETACH)
        }
    }

    /// Empties what was the root; never anything but memory, and never what is mounted in it.
    private static func leftOver(_ old: FileDescriptor) -> String? {
        guard MemoryFilesystem.holds(old) else { return "the old root is no initramfs, and is kept" }
        do throws(SystemError) {
            try TreeRemoval.empty(FilePath("/proc/self/fd/\(old.rawValue)/."), staysOnDevice: true)
            return nil
        } catch { return "\(error)" }
    }
}

/// Tells filesystems that are only in memory.
package enum MemoryFilesystem {
    /// Whether a folder lies on one that an initramfs can be: ramfs or tmpfs.
    ///
    /// The corresponding C function is `fstatfs`.
    package static func holds(_ folder: FilePath) -> Bool {
        guard let owner = try? OwnedDescriptor(opening: folder, .readOnly) else { return false }
        return holds(owner.descriptor)
    }

    static func holds(_ folder: FileDescriptor) -> Bool {
        let kind = clinux_filesystem_kind(folder.rawValue)
        return kind == clinux_ramfs || kind == clinux_tmpfs
    }
}
