import DiskContract
import LinuxSystem
import SystemPackage

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
    package static func ofThisSystem() -> LocalImagePolicy {
        guard !isThere(MachinePaths.allowLocalImages) else { return .allow }
        let inInitramfs = isThere("/etc/initrd-release")
        return inInitramfs || isThere(MachinePaths.refuseLocalImages) ? .refuse : .allow
    }

    private static func isThere(_ path: FilePath) -> Bool {
        do { return try FileStatus.of(path) != nil } catch { return path != MachinePaths.allowLocalImages }
    }
}
