package import DiskContract

/// Places one partition on the disk.
package struct DiskPartition: Equatable, Sendable {
    /// Which partition it is.
    package var name: PartitionName
    /// Where it begins, in bytes from the start of the disk.
    package var offset: Int64
    /// How long it is, in bytes.
    package var size: Int64

    /// Places a partition.
    package init(name: PartitionName, offset: Int64, size: Int64) {
        self.name = name
        self.offset = offset
        self.size = size
    }
}
