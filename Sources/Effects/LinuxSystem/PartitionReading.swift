import CLinux
import Glibc
package import SystemPackage

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
