import DiskContract
package import LinuxSystem
package import SystemPackage
package import TransactionPlanning

/// Mounts media read-only, each in a folder with its kernel name, and gives them up again.
package struct MediumMounts: Sendable {
    /// The folder of all.
    package let root: FilePath

    /// Names the folder; another one than the machine's for tests.
    package init(root: FilePath = MachinePaths.run.appending("media")) { self.root = root }

    /// Where a device is mounted, whoever did it; mounts it where it is not.
    ///
    /// - Throws: `SystemError` when it cannot be mounted.
    package func folder(of device: FilePath, _ filesystem: MediumFilesystem) throws(SystemError) -> FilePath {
        let own = root.appending(device.lastComponent?.string ?? "medium")
        let mounts = try Procfs.mounts().filter { $0.source == device.string && $0.root == "/" }
        if let mount = mounts.first(where: { $0.target == own }) ?? mounts.first { return mount.target }
        try Folders.make(own)
        do throws(SystemError) {
            try Mount.attach(
                source: device.string, target: own, filesystem: filesystem.type, options: filesystem.options)
        } catch {
            try Folders.remove(own, .files)
            throw error
        }
        return own
    }

    /// The devices that are mounted here, with their folders, the last first.
    package func all() throws(SystemError) -> [(device: FilePath, folder: FilePath)] {
        try Procfs.mounts().filter { $0.target != root && $0.target.starts(with: root) }
            .map { (FilePath($0.source), $0.target) }.reversed()
    }

    /// Unmounts all, as far as nobody uses them.
    ///
    /// - Returns: the devices that were given up.
    /// - Throws: `SystemError` for the first that is in use, when all others are unmounted.
    @discardableResult
    package func release() throws(SystemError) -> [FilePath] {
        var released: [FilePath] = []
        var failure: SystemError?
        for mount in try all() {
            do throws(SystemError) {
                try Mount.unmount(mount.folder)
                try Folders.remove(mount.folder, .files)
                released.append(mount.device)
            } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        return released
    }

    /// Unmounts one device, when it is mounted here.
    ///
    /// - Throws: `SystemError` when it is in use.
    package func release(_ device: FilePath) throws(SystemError) {
        for mount in try all() where mount.device == device {
            try Mount.unmount(mount.folder)
            try Folders.remove(mount.folder, .files)
        }
    }

    /// Lets go of those whose device was taken out, whoever still reads from them.
    ///
    /// - Throws: `SystemError`.
    package func releaseMissing() throws(SystemError) {
        for mount in try all() where try FileStatus.of(mount.device) == nil {
            try Mount.unmount(mount.folder, lazy: true)
            try Folders.remove(mount.folder, .files)
        }
    }
}
