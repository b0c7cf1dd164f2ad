import LinuxSystem
package import SystemPackage

/// The boot partition, mounted only while something is read from it or written to it.
package struct BootPartition: Sendable {
    /// The device.
    package let device: FilePath

    /// Names the device.
    package init(device: FilePath) { self.device = device }

    /// Mounts it where nobody else sees it, hands over a path of its root, and unmounts whatever happens.
    ///
    /// The path leads through a descriptor of this process, so nothing can be left over that keeps the next command
    /// from mounting it.
    ///
    /// - Throws: what the body throws; `SystemError` when it cannot be mounted.
    package func mounted<Result>(readOnly: Bool, _ body: (FilePath) throws -> Result) throws -> Result {
        try UnseenMount(of: device, filesystem: "vfat", readOnly: readOnly).use(body)
    }
}
