import DiskContract
import LinuxSystem
package import SystemPackage

/// Says whether images that this machine made itself, out of container images, may boot
/// (docs/decisions/0012-local-images.md).
package enum LocalImagePolicy: Equatable, Sendable {
    /// A signature by the machine's own key counts.
    case allow
    /// Only the keys of the image count.
    case refuse

    /// Asks the system that runs.
    ///
    /// The initramfs has a mark when it allows them, which the dracut module wrote; the booted system has one when its
    /// image refuses them. What cannot be found out is no.
    ///
    /// - Parameter root: where the system's files lie, for tests; nil for where they do.
    package static func ofThisSystem(below root: FilePath? = nil) -> LocalImagePolicy {
        guard !isThere(MachinePaths.allowLocalImages, root) else { return .allow }
        let inInitramfs = isThere("/etc/initrd-release", root)
        return inInitramfs || isThere(MachinePaths.refuseLocalImages, root) ? .refuse : .allow
    }

    private static func isThere(_ path: FilePath, _ root: FilePath?) -> Bool {
        let place = root?.appending(path.components) ?? path
        do { return try FileStatus.of(place) != nil } catch { return path != MachinePaths.allowLocalImages }
    }
}
