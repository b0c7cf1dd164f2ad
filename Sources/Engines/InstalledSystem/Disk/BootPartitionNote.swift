package import BlockDevices
import DiskContract
package import LinuxSystem
import SystemPackage

/// Which device the boot partition is in this boot, once its GUID is not the one on the kernel's command line any more.
///
/// By that GUID another disk would be found: the one that this was copied from.
package enum BootPartitionNote {
    private static let file = MachinePaths.run.appending("boot-partition")

    /// Notes the device, before the GUID is changed.
    ///
    /// - Throws: `SystemError`.
    package static func write(_ partition: BlockDevice) throws(SystemError) {
        try Folders.make(MachinePaths.run)
        try AtomicFile.write(Array("\(partition.path)\n".utf8), to: file)
    }

    /// The partition that was noted; nil when the command line still names it.
    ///
    /// - Throws: `SystemError` when the note cannot be read; `BlockDeviceError` when the device is not there any more.
    package static func partition() throws -> BlockDevice? {
        guard let bytes = try FileBytes.readIfPresent(file, limit: 4096) else { return nil }
        return try BlockDevice.probePartition(FilePath(String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)))
    }
}
