package import BlockDevices
import Encryption
import Faults
import Filesystems
import LinuxSystem
import SystemPackage

/// Takes a partition out of use, so that it can be formatted.
package enum DeviceDetachment {
    /// Unmounts a partition wherever it is mounted, closes the volume on it, and makes sure that nothing holds it.
    ///
    /// This must be done before the process has mounts of its own: others would keep the partition mounted.
    ///
    /// - Parameter volume: the name under which an encrypted volume on it may be open.
    /// - Throws: `Refusal` that says what uses it; `SystemError` when a mount cannot be undone.
    package static func detach(_ device: BlockDevice, volume: String? = nil) throws {
        if let volume, try FileStatus.of(FilePath("/dev/mapper/\(volume)")) != nil {
            let mapping = try BlockDevice.probe(FilePath("/dev/mapper/\(volume)"))
            try unmount(mapping)
            try VolumeActivation.close(volume)
        }
        try unmount(device)
        let use = try DeviceUse.of(device.path)
        guard use.reasons.isEmpty else {
            throw Refusal(
                .diskInUse, "taking", "\(device.path)", cause: use.reasons.joined(separator: ", "),
                remedy: "Stop what uses it and try again.")
        }
    }

    /// Unmounts the latest mount first.
    private static func unmount(_ device: BlockDevice) throws {
        let number = "\(device.major):\(device.minor)"
        for mount in try Procfs.mounts().reversed() where mount.device == number { try Mount.unmount(mount.target) }
    }
}
