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
            let file = try OwnedDescriptor(opening: disk)
            let (descriptor, index) = (file.descriptor.rawValue, Int32(clamping: number))
            _ = try systemCall { clinux_resize_partition(descriptor, index, start, length) }
        } catch {
            throw .file("resizing partition \(number) of", disk, error)
        }
    }
}

/// Makes the kernel read a partition table again.
package enum PartitionReading {
    /// Reads the table of a disk; the nodes of its partitions are there when this returns.
    ///
    /// The corresponding C call is `ioctl` with `BLKRRPART`.
    ///
    /// - Throws: `SystemError`, with `EBUSY` when a partition of the disk is in use.
    package static func again(_ disk: FilePath) throws(SystemError) {
        do throws(Errno) {
            let file = try OwnedDescriptor(opening: disk)
            let descriptor = file.descriptor.rawValue
            _ = try systemCall { clinux_reread_partitions(descriptor) }
        } catch {
            throw .file("reading the partitions of", disk, error)
        }
    }
}
