import Faults
import LinuxSystem
package import SystemLayout
package import SystemPackage

/// A block device as it was when it was looked at.
package struct BlockDevice: Equatable, Sendable {
    /// The device node.
    package var path: FilePath
    /// Major number; 0 for a plain file.
    package var major: UInt32 = 0
    /// Minor number.
    package var minor: UInt32 = 0
    /// The disk's node, for a partition.
    package var disk: FilePath?
    /// Partition GUID, lower case.
    package var partitionUUID: String?
    /// Partition name in the GPT.
    package var partitionLabel: String?
    /// The file system's type, as blkid(8) names it; nil when there is none, or when there is a `problem`.
    package var filesystemType: String?
    /// The file system's label.
    package var label: String?
    /// The file system's UUID.
    package var uuid: String?
    /// Why the file system could not be made out, which does not mean that there is none.
    package var problem: String?

    /// Describes a device of which only the node is known.
    package init(path: FilePath) {
        self.path = path
    }
}

extension BlockDevice {
    /// Whether a reference names this device.
    ///
    /// File system UUIDs are compared without regard to case.
    ///
    /// A path is compared as text; links are followed by `DeviceWait`.
    package func matches(_ reference: DeviceReference) -> Bool {
        switch reference {
        case .partitionUUID(let value): partitionUUID == value
        case .partitionLabel(let value): partitionLabel == value
        case .label(let value): label == value
        case .uuid(let value): uuid?.lowercased() == value.lowercased()
        case .path(let path): path == self.path
        }
    }
}

/// Asks for the size of a block device.
package enum BlockDeviceSize {
    /// The size in bytes, as the end of the device says.
    ///
    /// - Throws: `BlockDeviceError` when it cannot be opened.
    package static func of(_ path: FilePath) throws(BlockDeviceError) -> Int64 {
        do throws(Errno) {
            return try OwnedDescriptor(opening: path).use { (file) throws(Errno) in
                try catchingErrno { try file.seek(offset: 0, from: .end) }
            }
        } catch { throw .unreadable(path, "\(error)") }
    }
}

/// Asks whether a block device can be written.
package enum WriteProtection {
    /// Whether the kernel knows a device as one that only reads: a disc, or a card whose switch says so.
    ///
    /// - Throws: `BlockDeviceError` when sysfs cannot be read.
    package static func isSet(major: UInt32, minor: UInt32) throws(BlockDeviceError) -> Bool {
        try SysfsBlock().text(FilePath("/sys/dev/block/\(major):\(minor)/ro"))?.hasPrefix("1") == true
    }
}

extension BlockDeviceError {
    /// Whether there is a drive, and nothing in it (`ENOMEDIUM`).
    package var isWithoutMedium: Bool { cause == "\(Errno(rawValue: 123))" }
}
