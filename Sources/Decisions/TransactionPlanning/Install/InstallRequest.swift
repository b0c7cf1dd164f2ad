package import ImagePlanning
package import SystemPackage

/// What the operator asks of an installation.
package struct InstallRequest: Equatable, Sendable {
    /// What the partitions are.
    package enum Partitions: Equatable, Sendable {
        /// A new table with these sizes.
        case new(DiskSizes)
        /// Those that are on the disk, by PARTLABEL.
        case prepared
    }

    /// The disk.
    package var disk: FilePath
    /// What the partitions are.
    package var partitions: Partitions
    /// Whether an installation may be overwritten.
    package var isForced = false
    /// How the persistent partition is made.
    package var protection = PersistentProtection.none
    /// The folder whose contents go on the OEM partition; nil for an empty one.
    package var oemFiles: FilePath?

    /// Asks for an installation on a disk.
    package init(disk: FilePath, partitions: Partitions) {
        self.disk = disk
        self.partitions = partitions
    }
}
