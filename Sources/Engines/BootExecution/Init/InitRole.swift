import LinuxSystem
import SystemPackage

/// What `lifeboot-init` is for in this call; facts decide, and not its name alone, for one file serves all three.
enum InitRole: Equatable, Sendable {
    /// The first process of an initramfs that has no other.
    case firstProcess
    /// The loader of modules that the kernel calls.
    case moduleLoader
    /// A guest in an initramfs whose first process is another.
    case guest

    /// Decides.
    ///
    /// - Parameters:
    ///   - name: by which it was started.
    ///   - isInMemory: whether the root is one that an initramfs can be.
    ///   - isMarked: whether `/etc/initrd-release` is there, which no installed system has.
    init(name: String, process: Int32, isInMemory: Bool, isMarked: Bool) {
        if FilePath(name).lastComponent?.string == "modprobe" {
            self = .moduleLoader
        } else if process == 1, isInMemory, isMarked {
            self = .firstProcess
        } else {
            self = .guest
        }
    }

    /// Decides for this process.
    static func current() -> InitRole {
        InitRole(
            name: ThisProcess.name ?? "", process: ThisProcess.identifier,
            isInMemory: MemoryFilesystem.holds("/"),
            isMarked: (try? FileStatus.of("/etc/initrd-release")) != nil)
    }
}
