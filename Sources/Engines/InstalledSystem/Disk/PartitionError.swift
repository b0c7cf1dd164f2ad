package import BlockDevices
import DiskContract
import SystemPackage

/// Says why a partition cannot be found, mounted or checked.
package struct PartitionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What failed, why, and what to do.
    package let description: String

    static func missing(_ partition: Partition, on boot: BlockDevice) -> PartitionError {
        PartitionError(
            description:
                "finding PARTLABEL=\(partition.rawValue): the disk of \(boot.path) has no such partition and no "
                + "file system labelled \(partition.label). Other disks are never used. "
                + "Install the system again, or restore the partition.")
    }

    static func noFilesystem(_ path: FilePath) -> PartitionError {
        PartitionError(
            description: "mounting \(path): no known file system is on it. "
                + "Format it, or check that it is the device that was meant.")
    }

    static func unreadableFilesystem(_ path: FilePath, _ reason: String) -> PartitionError {
        PartitionError(
            description: "mounting \(path): its file system could not be made out: \(reason). "
                + "Check the kernel log and the disk's health.")
    }

    static func checkFailed(_ path: FilePath, _ outcome: String, _ output: String) -> PartitionError {
        PartitionError(
            description: "checking \(path): e2fsck could not repair it (\(outcome)): \(output) "
                + "Run e2fsck by hand from recovery, or reset the machine.")
    }
}

extension BlockDevice {
    /// The type of the filesystem on it.
    ///
    /// - Throws: `PartitionError` when it holds none that is known.
    package var requiredFilesystem: String {
        get throws {
            guard let filesystemType else {
                throw problem.map { PartitionError.unreadableFilesystem(path, $0) } ?? PartitionError.noFilesystem(path)
            }
            return filesystemType
        }
    }
}
