package import Faults
import LinuxSystem
import SystemLayout
import SystemPackage

/// Says why a block device cannot be found or read.
package typealias BlockDeviceError = Fault<BlockDeviceFault>

/// Names what fails with block devices.
package enum BlockDeviceFault: FaultKind {
    /// The device cannot be opened or read.
    case unreadable
    /// Nothing that the reference names came in time.
    case notFound
    /// More than one device has the name.
    case ambiguous
    /// The device is no partition of a disk, or no disk.
    case noDisk
    /// What should be an ext file system is none.
    case notExt
    /// The kernel's list of devices cannot be read.
    case list
}

extension BlockDeviceError {
    /// The device cannot be opened or read.
    static func unreadable(
        _ path: FilePath, _ cause: String, underlying: (any Error)? = nil
    ) -> BlockDeviceError {
        BlockDeviceError(
            .unreadable, "reading", path.string, cause: cause,
            remedy: "Check the kernel log and the disk's health.", underlying: underlying)
    }

    /// A call on the device failed.
    static func unreadable(_ path: FilePath, _ error: SystemError) -> BlockDeviceError {
        .unreadable(path, error.cause, underlying: error)
    }

    /// Nothing that the reference names came in time.
    static func notFound(
        _ query: DeviceQuery, seen: [BlockDevice], problems: [String], unanswered: [FilePath]
    ) -> BlockDeviceError {
        let names = seen.map { $0.path.lastComponent?.string ?? $0.path.string }
        let there = names.isEmpty ? "no block device at all" : "only " + names.joined(separator: ", ")
        let silent = unanswered.compactMap(\.lastComponent?.string).joined(separator: ", ")
        let unread =
            (problems.isEmpty ? "" : "; could not read: " + problems.joined(separator: "; "))
            + (silent.isEmpty ? "" : "; still without an answer: " + silent)
        return BlockDeviceError(
            .notFound, "waiting for", "\(query)", cause: "not there in time, \(there)\(unread)",
            remedy: query.remedy(isAnythingThere: !names.isEmpty))
    }

    /// More than one device has the name.
    static func ambiguous(_ query: DeviceQuery, _ devices: [BlockDevice]) -> BlockDeviceError {
        BlockDeviceError(
            .ambiguous, "finding", "\(query)",
            cause: "\(devices.map(\.path.string).joined(separator: " and ")) have this name",
            remedy: "Detach or rename one of them.")
    }

    /// The device is no partition of a disk.
    static func noDisk(_ path: FilePath) -> BlockDeviceError {
        BlockDeviceError(
            .noDisk, "finding the disk of", path.string, cause: "it is not a partition",
            remedy: "Check lifeboot.boot= on the kernel command line.")
    }

    /// What was given is no whole disk.
    static func noWholeDisk(_ path: FilePath, _ cause: String) -> BlockDeviceError {
        BlockDeviceError(
            .noDisk, "looking at the disk", path.string, cause: cause,
            remedy: "Name a whole disk, such as /dev/sda; `lifeboot disks` lists them.")
    }

    /// What should be an ext file system is none.
    static func notExt(_ path: FilePath) -> BlockDeviceError {
        BlockDeviceError(
            .notExt, "reading", path.string, cause: "no ext2, ext3 or ext4 superblock",
            remedy: "Check that it is the device that was meant.")
    }

    /// The kernel's list of devices cannot be read.
    static func list(_ path: FilePath, _ cause: String, underlying: (any Error)? = nil) -> BlockDeviceError {
        BlockDeviceError(
            .list, "listing", path.string, cause: cause, remedy: "Check that /sys and /dev are mounted.",
            underlying: underlying)
    }

    /// A call on a folder or file of the list failed.
    static func list(_ path: FilePath, _ error: SystemError) -> BlockDeviceError {
        .list(path, error.cause, underlying: error)
    }
}
