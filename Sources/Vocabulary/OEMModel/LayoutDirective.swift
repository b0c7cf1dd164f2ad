import DocumentTree
import JSONText

/// Changes of a disk's partitions (`layout`).
package struct LayoutDirective: Equatable, Sendable {
    /// A partition that is to be there.
    package struct Partition: Equatable, Sendable {
        /// The label of its filesystem.
        package var filesystemLabel: String?
        /// Its name in the partition table.
        package var name: String?
        /// Its size in MiB; 0 for the rest of the disk.
        package var size = 0
        /// The type of its filesystem.
        package var filesystem: Filesystem = .ext4
        /// Whether firmware may start from it.
        package var isBootable = false
    }

    /// What a partition is formatted with.
    package enum Filesystem: String, CaseIterable, Sendable {
        case ext2, ext3, ext4, xfs, btrfs, fat, vfat, fat16, fat32, swap
        /// Not at all.
        case none, noformat
        case dash = "-"
    }

    /// The disk by its path, or `script://` and a command that prints it.
    package var path: String?
    /// The disk by the label of one of its partitions.
    package var label: String?
    /// Whether a disk without any signature gets a partition table.
    package var makesTable = false
    /// The name of the disk, of which its identifier is made.
    package var diskName: String?
    /// The size in MiB to which the last partition grows, 0 for all there is; nil when it does not.
    package var expandedSize: Int?
    /// Partitions that are to be there.
    package var partitions: [Partition] = []

    static let table = DocumentTable<LayoutDirective>(
        "layout", emptyIsAbsent: true,
        [
            DocumentKey("device", device, "The disk."),
            DocumentKey("expand_partition", expansion, "Makes the last partition larger."),
            DocumentKey(
                "add_partitions", .list(of: .table(partition, from: Partition()), "a partition"), default: [],
                "Partitions that are made where they are missing."
            ) { $0.partitions = $1 },
        ])

    private static let device: [DocumentKey<LayoutDirective>] = [
        DocumentKey("label", .line, "The label of one of its partitions.") { $0.label = $1 },
        DocumentKey("path", .line, "Its path, or `script://` and a command that prints it.") { $0.path = $1 },
        DocumentKey("init_disk", .anyTruth, default: false, "Whether an empty disk gets a partition table.") {
            $0.makesTable = $1
        },
        DocumentKey("disk_name", .line, "A name, of which the disk's identifier is made.") { $0.diskName = $1 },
    ]

    private static let expansion: [DocumentKey<LayoutDirective>] = [
        DocumentKey("size", .integer(0...1 << 40), default: 0, "Its size in MiB; 0 for all there is.") {
            $0.expandedSize = $1
        }
    ]

    private static let partition = DocumentTable<Partition>(
        "a partition", emptyIsAbsent: true,
        [
            DocumentKey("fsLabel", .line, "The label of its filesystem.") { $0.filesystemLabel = $1 },
            DocumentKey("pLabel", .line, "Its name in the partition table.") { $0.name = $1 },
            DocumentKey("size", .integer(0...1 << 40), default: 0, "Its size in MiB; 0 for the rest of the disk.") {
                $0.size = $1
            },
            DocumentKey("filesystem", .choice, default: "ext4", "What it is formatted with.") { $0.filesystem = $1 },
            DocumentKey("bootable", .anyTruth, default: false, "Whether firmware may start from it.") {
                $0.isBootable = $1
            },
        ])
}
