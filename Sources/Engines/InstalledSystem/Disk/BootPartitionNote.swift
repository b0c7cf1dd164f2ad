package import BlockDevices
package import LinuxSystem
import SystemPackage

/// Which device the boot partition is in this boot, once its GUID is not the one on the kernel's command line any more.
///
/// By that GUID another disk would be found: the one that this was copied from.
package enum BootPartitionNote {
    private static let note = DeviceNote("boot-partition")

    /// Notes the device, before the GUID is changed.
    ///
    /// - Throws: `SystemError`.
    package static func write(_ partition: BlockDevice) throws(SystemError) {
        try note.write(partition.path)
    }

    /// The partition that was noted; nil when the command line still names it.
    ///
    /// - Throws: `SystemError` when the note cannot be read; `BlockDeviceError` when the device is not there any more.
    package static func partition() throws -> BlockDevice? {
        try note.path().map { try BlockDevice.probePartition($0) }
    }
}
