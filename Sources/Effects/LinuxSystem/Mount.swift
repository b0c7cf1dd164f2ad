import CLinux
import CMount
import Glibc
package import SystemPackage

// Attaches and detaches filesystems.
// No mtab is kept, no mount helper is run, and paths are taken as they are.

/// Mounts and unmounts.
package enum Mount {
    /// Mounts a filesystem.
    ///
    /// The corresponding C function is `mnt_context_mount`.
    /// - Parameters:
    /// - source: a device, or a word for filesystems without one.
    /// - target: the mount point; below a new root take it from `DirectoryHandle.mountTarget`.
    /// - filesystem: the type; nil only for binds and remounts.
    /// - options: single options such as `ro` or `size=25%`, as mount(8) names them.
    /// - Throws: `SystemError` with libmount's message.
    package static func attach(
        source: String, target: FilePath, filesystem: String?, options: [String] = []
    ) throws(SystemError) {
        let context = try MountContext.prepare(source, target)
        try context.set(filesystem: filesystem, options: options.joined(separator: ","))
        try context.mount()
    }

    /// Mounts a tmpfs.
    /// - Parameter size: bytes, with `k`, `m` or `g`, or percent of memory with `%`.
    package static func temporary(
        on target: FilePath, size: String, mode: String = "0755", options: [String] = []
    ) throws(SystemError) {
        try attach(
            source: "tmpfs", target: target, filesystem: "tmpfs", options: ["size=\(size)", "mode=\(mode)"] + options)
    }

    /// Makes a folder or file appear in a second place; options such as `ro` take a second call of the kernel.
    package static func bind(
        _ source: FilePath, on target: FilePath, recursive: Bool = false, options: [String] = []
    ) throws(SystemError) {
        let kind = recursive ? "rbind" : "bind"
        try attach(source: source.string, target: target, filesystem: nil, options: [kind])
        guard !options.isEmpty else { return }
        // A handle's path leads below the mount just made, so the second call needs the place's real name.
        let place = realName(target)
        do throws(SystemError) {
            try attach(source: source.string, target: place, filesystem: nil, options: ["remount", "bind"] + options)
        } catch {
            try unmount(place)
            throw error
        }
    }

    private static func realName(_ target: FilePath) -> FilePath {
        guard target.starts(with: "/proc/self/fd") else { return target }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink(target.string, &buffer, buffer.count)
        guard count > 0 else { return target }
        return FilePath(String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// Stacks folders: the upper one takes writes, lower ones show through, the first on top.
    /// - Parameters:
    ///   - lower: at least one folder.
    ///   - upper: nil for a read-only stack.
    ///   - work: an empty folder on the filesystem of `upper`.
    /// - Throws: `SystemError` when mounting fails or a path has a character that the options cannot hold.
    package static func overlay(
        lower: [FilePath], upper: FilePath?, work: FilePath?, on target: FilePath, options: [String] = []
    ) throws(SystemError) {
        var layers = ["lowerdir=" + lower.map(\.string).joined(separator: ":")]
        if let upper, let work { layers += ["upperdir=\(upper)", "workdir=\(work)"] }
        for path in lower + [upper, work].compactMap(\.self) where !path.string.allSatisfy(isPlain) {
            throw .mount(
                "overlay", target.string, .invalidArgument, message: "\(path) has one of , : \\ \" in its name")
        }
        try attach(source: "overlay", target: target, filesystem: "overlay", options: layers + options)
    }

    private static func isPlain(_ character: Character) -> Bool {
        !",:\\\"".contains(character)
    }

    /// Makes a mount writable or read-only and keeps its other flags (nodev, nosuid, noexec, atime).
    /// - Throws: `SystemError` when the target is not a mount point or is in use.
    package static func remount(_ target: FilePath, readOnly: Bool) throws(SystemError) {
        let entry = try Procfs.mounts().last { $0.target == target }
        guard let entry else { throw .mount("remount", target.string, .invalidArgument, message: "not a mount point") }
        let kept = entry.options.filter { $0 != "ro" && $0 != "rw" }
        try attach(
            source: entry.source, target: target, filesystem: nil, options: ["remount", readOnly ? "ro" : "rw"] + kept)
    }

    /// Makes a mount read-only and leaves the filesystem writable for other mounts of it.
    /// - Throws: `SystemError` when the target is not a mount point.
    package static func protect(_ target: FilePath) throws(SystemError) {
        let entry = try Procfs.mounts().last { $0.target == target }
        guard let entry else { throw .mount("remount", target.string, .invalidArgument, message: "not a mount point") }
        let kept = entry.options.filter { $0 != "ro" && $0 != "rw" }
        try attach(
            source: entry.source, target: target, filesystem: nil, options: ["remount", "bind", "ro"] + kept)
    }

    /// Unmounts; symbolic links are not followed.
    ///
    /// The corresponding C function is `umount2`.
    /// - Parameter lazy: detach now and clean up once nothing uses it.
    package static func unmount(_ target: FilePath, lazy: Bool = false) throws(SystemError) {
        do throws(Errno) {
            let flags = Int32(UMOUNT_NOFOLLOW) | (lazy ? Int32(MNT_DETACH) : 0)
            _ = try systemCall { unsafe umount2(target.string, flags) }
        } catch {
            throw .unmount(target, error)
        }
    }

    /// Unmounts what another command may be looking at: that has a folder open for moments, and the kernel tells nobody when
    /// it has not any more, so that this asks again.
    ///
    /// - Parameter patience: how long it asks.
    /// - Throws: `SystemError` when it is in use all the time, or cannot be unmounted at all.
    package static func unmount(_ target: FilePath, within patience: Duration) throws(SystemError) {
        let deadline = Deadline.after(patience)
        while true {
            do throws(SystemError) { return try unmount(target) } catch {
                guard error.errno == .resourceBusy, !deadline.isPast else { throw error }
                usleep(100_000)
            }
        }
    }
}

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
