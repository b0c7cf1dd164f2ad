package import DiskContract
package import GrubEnvironment
package import ImageModel

/// What the completing of an expandable disk is planned from; sizes and places in bytes unless they say sectors.
package struct CompletionFacts: Equatable, Sendable {
    /// One entry of the table, or a partition as the kernel knows it.
    package typealias Entry = GrowFacts.Entry

    /// The role that runs; nil when none of this disk does.
    package var role: Role?
    /// The boot environment.
    package var environment: BootEnvironment
    /// The disk, for people.
    package var disk: String
    /// Bytes of a sector.
    package var sectorSize: Int64 = 512
    /// Sectors of the disk.
    package var diskSectors: Int64
    /// Whether the table is a GPT.
    package var isGPT = true
    /// The table as it is on the disk.
    package var entries: [Entry]
    /// The partitions as the kernel knows them; their names say nothing.
    package var known: [Entry]
    /// What is asked of the disk.
    package var settings = DiskSettings()
    /// The size of recovery's filesystem.
    package var recoverySize: Int64
    /// Partitions with a filesystem that was made to its end.
    package var whole: Set<Partition> = []
    /// The image that recovery runs from.
    package var image: PlannedImage

    /// Makes facts of a disk on which nothing is completed yet.
    package init(
        role: Role?, environment: BootEnvironment, disk: String, diskSectors: Int64, entries: [Entry], known: [Entry],
        recoverySize: Int64, image: PlannedImage
    ) {
        self.role = role
        self.environment = environment
        self.disk = disk
        self.diskSectors = diskSectors
        self.entries = entries
        self.known = known
        self.recoverySize = recoverySize
        self.image = image
    }
}
