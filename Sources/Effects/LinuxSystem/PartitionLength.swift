import CLinux
import Glibc
package import SystemPackage

/// Tells the kernel that a partition has become longer, while it is in use.
package enum PartitionLength {
    /// Sets the length of one partition in the kernel's view; the others are not looked at.
    ///
    /// The corresponding C call is `ioctl` with `BLKPG_RESIZE_PARTITION`.
    /// - Parameters:
    ///   - disk: the whole disk's node.
    ///   - number: the partition's number.
    ///   - start: its place in bytes, which has to be the one that the kernel knows.
    ///   - length: its new length in bytes.
    /// - Throws: `SystemError` when the kernel refuses.
    package static func set(
        disk: FilePath, partition number: Int, start: Int64, length: Int64
    ) throws(SystemError) {
        do throws(Errno) {
            try tell(disk) { clinux_resize_partition($0, Int32(clamping: number), start, length) }
        } catch {
            throw .file("resizing partition \(number) of", disk, error)
        }
    }
}

/// Makes the kernel know the partitions of a table.
package enum PartitionReading {
    /// Tells of one partition; that there is one is known already where udev was faster.
    ///
    /// The corresponding C call is `ioctl` with `BLKPG_ADD_PARTITION`.
    /// - Parameters:
    ///   - number: the partition's number, from 1.
    ///   - start: its place in bytes.
    ///   - length: its length in bytes.
    /// - Throws: `SystemError` when the kernel refuses.
    package static func add(
        disk: FilePath, partition number: Int, start: Int64, length: Int64
    ) throws(SystemError) {
        do throws(Errno) {
            try tell(disk) { clinux_add_partition($0, Int32(clamping: number), start, length) }
        } catch {
            if error != .resourceBusy { throw .file("adding partition \(number) of", disk, error) }
        }
    }

    /// Reads the table of a disk; the nodes of its partitions are there when this returns.
    ///
    /// The corresponding C call is `ioctl` with `BLKRRPART`.
    ///
    /// - Throws: `SystemError`, with `EBUSY` when a partition of the disk is in use.
    package static func again(_ disk: FilePath) throws(SystemError) {
        do throws(Errno) { try tell(disk) { clinux_reread_partitions($0) } } catch {
            throw .file("reading the partitions of", disk, error)
        }
    }
}

/// Opens a disk for one request to the kernel.
private func tell(_ disk: FilePath, _ request: (Int32) -> Int32) throws(Errno) {
    let file = try OwnedDescriptor(opening: disk)
    let descriptor = file.descriptor.rawValue
    _ = try systemCall { request(descriptor) }
}
