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
