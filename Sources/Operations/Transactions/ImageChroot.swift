import BootModel
import DiskContract
import ImageModel
import LinuxSystem
package import SystemPackage
import TransactionPlanning

/// Shows the root of an image that does not run, with what programs in it need.
///
/// The image is read-only; `/run` and `/tmp` are in memory. The process has mounts of its own by then, so nothing stays.
package enum ImageChroot {
    private static let root = MachinePaths.run.appending("chroot")

    /// Mounts the root of an image, hands it over, and unmounts it whatever happens.
    ///
    /// - Parameters:
    ///   - directory: the folder with the image's files, whose digests were checked.
    ///   - body: gets the root folder. The machine's own hooks are in its `/run/lifeboot/hooks`.
    /// - Throws: `SystemError` when something cannot be mounted, and what the body throws.
    package static func with<Result>(_ directory: FilePath, _ body: (FilePath) throws -> Result) throws -> Result {
        try Folders.make(root)
        let loop = try LoopDevice.attach(directory.appending(ImageFile.root.rawValue), direct: false)
        try Mount.attach(
            source: loop.path.string, target: root, filesystem: "squashfs", options: ["ro", "nodev"])
        var mounted = [root]
        let result: Result
        do {
            for mount in mounts { try attach(mount, &mounted) }
            try showHooks(&mounted)
            try showConfiguration(&mounted)
            result = try body(root)
        } catch {
            unmount(mounted)
            throw error
        }
        unmount(mounted)
        return result
    }

    /// The folders of hooks as they are seen inside.
    package static let hookFolders: [FilePath] = [HookEvent.folders[0], "/run/lifeboot/hooks"]

    private static let mounts: [(path: FilePath, attach: @Sendable (FilePath) throws -> Void)] = [
        ("proc", { try Mount.attach(source: "proc", target: $0, filesystem: "proc") }),
        ("sys", { try Mount.attach(source: "sysfs", target: $0, filesystem: "sysfs", options: ["ro"]) }),
        ("dev", { try Mount.bind("/dev", on: $0) }),
        ("run", { try Mount.temporary(on: $0, size: "32m") }),
        ("tmp", { try Mount.temporary(on: $0, size: "64m", mode: "1777") }),
    ]

    private static func attach(
        _ mount: (path: FilePath, attach: @Sendable (FilePath) throws -> Void), _ mounted: inout [FilePath]
    ) throws {
        let target = root.appending(mount.path.components)
        // An image without the folder gets along without the mount.
        guard try FileStatus.of(target, followingLinks: false)?.kind == .directory else { return }
        try mount.attach(target)
        mounted.append(target)
    }

    /// Makes the hooks of this machine, which an image cannot have, visible inside.
    private static func showHooks(_ mounted: inout [FilePath]) throws {
        let source = HookEvent.folders[1]
        guard mounted.contains(root.appending("run")), try FileStatus.of(source)?.kind == .directory else { return }
        let target = root.appending(hookFolders[1].components)
        try Folders.make(target)
        try Mount.bind(source, on: target, options: ["ro"])
        mounted.append(target)
    }

    /// Makes the files of configuration of this machine visible, which count for the stages of the new image, too.
    private static func showConfiguration(_ mounted: inout [FilePath]) throws {
        let target = root.appending(MachinePaths.oem.components)
        guard try FileStatus.of(MachinePaths.oem)?.kind == .directory,
            try FileStatus.of(target, followingLinks: false)?.kind == .directory
        else { return }
        try Mount.bind(MachinePaths.oem, on: target, options: ["ro"])
        mounted.append(target)
    }

    private static func unmount(_ mounted: [FilePath]) {
        for target in mounted.reversed() { try? Mount.unmount(target, lazy: true) }
    }
}
