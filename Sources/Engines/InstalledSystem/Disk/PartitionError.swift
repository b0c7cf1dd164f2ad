package import BlockDevices
import DiskContract
package import Faults
import SystemPackage

/// Says why a partition cannot be found, mounted or checked.
package typealias PartitionError = Fault<PartitionFault>

/// Names what a partition fails by.
package enum PartitionFault: FaultKind {
    /// It is not there.
    case missing
    /// It holds no filesystem that is known.
    case noFilesystem
    /// What it holds could not be made out.
    case unreadableFilesystem
    /// Damage that e2fsck leaves.
    case checkFailed
}

extension PartitionError {
    static func missing(_ partition: Partition, on boot: BlockDevice) -> PartitionError {
        PartitionError(
            .missing, "finding", "PARTLABEL=\(partition.rawValue)",
            cause: "the disk of \(boot.path) has no such partition and no file system labelled \(partition.label)",
            remedy: "Other disks are never used. Install the system again, or restore the partition.")
    }

    static func noFilesystem(_ path: FilePath) -> PartitionError {
        PartitionError(
            .noFilesystem, "mounting", path.string,
            cause: "no known file system is on it, and no copy of a superblock that would mend it",
            remedy: "Check that it is the device that was meant (blkid -p, wipefs -n); formatting it destroys what may "
                + "still be on it.")
    }

    static func unreadableFilesystem(_ path: FilePath, _ reason: String) -> PartitionError {
        PartitionError(
            .unreadableFilesystem, "mounting", path.string, cause: "its file system could not be made out: \(reason)",
            remedy: "Check the kernel log and the disk's health.")
    }

    static func checkFailed(_ path: FilePath, _ outcome: String, _ output: String) -> PartitionError {
        PartitionError(
            .checkFailed, "checking", path.string, cause: "e2fsck could not repair it (\(outcome)): \(output)",
            remedy: "Run e2fsck on it by hand in recovery, and copy away what is wanted before anything else.")
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
