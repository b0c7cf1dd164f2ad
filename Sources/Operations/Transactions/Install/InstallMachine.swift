package import DiskContract
package import GrubEnvironment
package import ImagePlanning
package import SystemPackage
package import TransactionPlanning

/// The disk that is installed on; a fake stands in for it in tests.
package protocol InstallMachine: ~Copyable {
    /// Overwrites both ends of the disk.
    mutating func wipeDisk() throws
    /// Overwrites both ends of a partition.
    mutating func wipePartition(_ name: PartitionName) throws
    /// Writes the partition table; the partitions are there afterwards.
    mutating func writeTable(_ layout: DiskLayout) throws
    /// Makes an ext4 filesystem.
    mutating func format(_ name: PartitionName) throws
    /// Makes the persistent partition.
    mutating func formatPersistent(_ protection: PersistentProtection) throws
    /// Makes a partition writable and says where it is mounted; one that is mounted already stays so.
    mutating func open(_ name: PartitionName) throws -> FilePath
    /// Shows the root of an image that does not run, for programs in it.
    func root<Result>(of folder: FilePath, _ body: (FilePath) throws -> Result) throws -> Result
    /// Unmounts all that is mounted.
    mutating func close() throws
    /// Makes the boot partition: the boot environment first, GRUB's files last.
    mutating func makeBootPartition(_ environment: BootEnvironment) throws
    /// Makes the disk one that BIOS boots, where GRUB for BIOS is at hand.
    mutating func makeBootable() throws
}
