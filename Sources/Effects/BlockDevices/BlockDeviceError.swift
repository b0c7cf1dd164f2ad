import SystemLayout
import SystemPackage

/// Says why a block device cannot be found or read.
package struct BlockDeviceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was being done.
    package let operation: String
    /// The device or reference.
    package let subject: String
    /// Why it failed, without a full stop.
    package let cause: String
    /// What the operator can do, a sentence.
    package let remedy: String

    /// One line: operation, subject, cause and remedy.
    package var description: String { "\(operation) \(subject): \(cause). \(remedy)" }

    /// The device cannot be opened or read.
    static func unreadable(_ path: FilePath, _ cause: String) -> BlockDeviceError {
        BlockDeviceError(
            operation: "reading", subject: path.string, cause: cause,
            remedy: "Check the kernel log and the disk's health.")
    }

    /// Nothing that the reference names came in time.
    static func notFound(_ reference: DeviceReference, seen: [BlockDevice], problems: [String]) -> BlockDeviceError {
        let names = seen.map { $0.path.lastComponent?.string ?? $0.path.string }
        let there = names.isEmpty ? "no block device at all" : "only " + names.joined(separator: ", ")
        let unread = problems.isEmpty ? "" : "; could not read: " + problems.joined(separator: "; ")
        return BlockDeviceError(
            operation: "waiting for", subject: "\(reference)", cause: "not there in time, \(there)\(unread)",
            remedy: names.isEmpty
                ? "Add the disk controller's driver to the initramfs." : "Check that the disk is attached and its name."
        )
    }

    /// More than one device has the name.
    static func ambiguous(_ reference: DeviceReference, _ devices: [BlockDevice]) -> BlockDeviceError {
        BlockDeviceError(
            operation: "finding", subject: "\(reference)",
            cause: "\(devices.map(\.path.string).joined(separator: " and ")) have this name",
            remedy: "Detach or rename one of them.")
    }

    /// The device is no partition of a disk.
    static func noDisk(_ path: FilePath) -> BlockDeviceError {
        BlockDeviceError(
            operation: "finding the disk of", subject: path.string, cause: "it is not a partition",
            remedy: "Check lifeboot.boot= on the kernel command line.")
    }

    /// What should be an ext file system is none.
    static func notExt(_ path: FilePath) -> BlockDeviceError {
        BlockDeviceError(
            operation: "reading", subject: path.string, cause: "no ext2, ext3 or ext4 superblock",
            remedy: "Check that it is the device that was meant.")
    }

    /// The kernel's list of devices cannot be read.
    static func list(_ path: FilePath, _ cause: String) -> BlockDeviceError {
        BlockDeviceError(
            operation: "listing", subject: path.string, cause: cause, remedy: "Check that /sys and /dev are mounted.")
    }
}
