import Glibc
import SystemPackage

/// What the first process of an initramfs has to mount, because everything else, the kernel's own helpers too, uses it.
package enum InitialMounts {
    /// One of them.
    struct Entry: Equatable, Sendable {
        let filesystem: String
        let target: String
        let flags: Int
        let options: String
    }

    /// As systemd mounts them (systemd, src/shared/mount-setup.c), with its limits: it leaves as they are those that it finds.
    static let all = [
        Entry(filesystem: "proc", target: "/proc", flags: MS_NOSUID | MS_NOEXEC | MS_NODEV, options: ""),
        Entry(filesystem: "sysfs", target: "/sys", flags: MS_NOSUID | MS_NOEXEC | MS_NODEV, options: ""),
        Entry(
            filesystem: "devtmpfs", target: "/dev", flags: MS_NOSUID | MS_STRICTATIME,
            options: "mode=0755,size=4m,nr_inodes=1m"),
        Entry(
            filesystem: "tmpfs", target: "/run", flags: MS_NOSUID | MS_NODEV | MS_STRICTATIME,
            options: "mode=0755,size=20%,nr_inodes=800k"),
    ]

    private static let (MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_STRICTATIME) = (2, 4, 8, 1 << 24)

    /// Mounts those that are not there, and opens the console as standard input, output and error where they are closed.
    ///
    /// The corresponding C function is `mount`.
    ///
    /// - Throws: `SystemError` for the first that cannot be mounted.
    package static func make() throws(SystemError) {
        for entry in all { try make(entry) }
        openConsole()
    }

    private static func make(_ entry: Entry) throws(SystemError) {
        _ = unsafe mkdir(entry.target, 0o755)
        // By the kernel (devtmpfs.mount=), or before `main` (CInitramfs); a second one would hide the first.
        if try FileStamp.of(FilePath(entry.target))?.device != FileStamp.of("/")?.device { return }
        do throws(Errno) {
            _ = try systemCall {
                unsafe entry.options.withCString { options in
                    unsafe mount(entry.filesystem, entry.target, entry.filesystem, UInt(entry.flags), options)
                }
            }
        } catch { throw .mount(entry.filesystem, entry.target, error, message: "") }
    }

    /// The kernel opens the console for the first process only when the initramfs has a node of it.
    private static func openConsole() {
        for number in CInt(0)...2 where fcntl(number, F_GETFD) == -1 {
            let opened = unsafe open("/dev/console", O_RDWR | O_NOCTTY)
            // The lowest free number is given, which is this one.
            if opened == -1 { _ = unsafe open("/dev/null", O_RDWR) }
        }
    }
}
