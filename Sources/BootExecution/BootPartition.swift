import BootModel
import LinuxSystem
package import SystemPackage

/// The boot partition, mounted only while something is read from it or written to it.
package struct BootPartition: Sendable {
    /// The device.
    package let device: FilePath

    /// Names the device.
    package init(device: FilePath) { self.device = device }

    /// Mounts it, hands over the mount point, and unmounts whatever happens.
    ///
    /// - Throws: what the body throws; `SystemError` when it cannot be mounted or unmounted.
    package func mounted<Result>(readOnly: Bool, _ body: (FilePath) throws -> Result) throws -> Result {
        let target = MachinePaths.boot
        try DirectoryListing.make(target)
        let options = [readOnly ? "ro" : "rw", "nodev", "nosuid", "noexec"]
        try Mount.attach(source: device.string, target: target, filesystem: "vfat", options: options)
        let result: Result
        do { result = try body(target) } catch {
            try? Mount.unmount(target)
            throw error
        }
        try Mount.unmount(target)
        return result
    }
}
