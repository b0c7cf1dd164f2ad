package import BlockDevices
import BootModel
import DiskContract
import LinuxSystem
package import SystemPackage

/// Mounts a partition only while something is read from it.
package enum TemporaryMount {
    /// Mounts read-only, hands over the mount point, and unmounts whatever happens.
    package static func readOnly<Result>(_ device: BlockDevice, _ body: (FilePath) throws -> Result) throws -> Result {
        let target = MachinePaths.run.appending("partition")
        try Folders.make(target)
        // One that could not be unmounted would keep every later command out.
        for _ in try Procfs.mounts().filter({ $0.target == target }) { try Mount.unmount(target, lazy: true) }
        try Mount.attach(
            source: device.path.string, target: target, filesystem: try device.requiredFilesystem,
            options: ["ro", "nodev", "nosuid", "noexec"])
        let result: Result
        do { result = try body(target) } catch {
            try? Mount.unmount(target)
            throw error
        }
        try Mount.unmount(target)
        return result
    }
}
