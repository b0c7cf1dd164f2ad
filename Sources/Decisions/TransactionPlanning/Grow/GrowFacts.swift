/// Names what holds the data of the persistent partition.
package enum PersistentContent: Equatable, Sendable {
    /// ext4 on the partition itself, with the size it has now in bytes.
    case ext4(size: Int64)
    /// ext4 in a LUKS2 volume that is open under a name: where its data begins on the partition, and the sizes of
    /// volume and filesystem, in bytes.
    case encrypted(name: String, offset: Int64, volume: Int64, size: Int64)
    /// Something else, in words.
    case other(String)
}

/// What the growing of the persistent partition is planned from; sizes and places in bytes unless they say sectors.
package struct GrowFacts: Equatable, Sendable {
    /// One entry of the table.
    package struct Entry: Equatable, Sendable {
        /// Its number, from 1.
        package var number: Int
        /// PARTLABEL.
        package var name: String
        /// Its first sector.
        package var start: Int64
        /// Its length in sectors.
        package var sectors: Int64

        /// Describes an entry.
        package init(number: Int, name: String, start: Int64, sectors: Int64) {
            (self.number, self.name, self.start, self.sectors) = (number, name, start, sectors)
        }
    }

    /// The disk, for people.
    package var disk: String
    /// Bytes of a sector.
    package var sectorSize: Int64
    /// Sectors of the disk.
    package var diskSectors: Int64
    /// Whether the table is a GPT.
    package var isGPT: Bool
    /// The table as it is on the disk.
    package var entries: [Entry]
    /// The number of the persistent partition, as the kernel says.
    package var persistent: Int
    /// The persistent partition's length in sectors, as the kernel sees it.
    package var kernelSectors: Int64
    /// What is on it.
    package var content: PersistentContent

    /// Makes the facts.
    package init(
        disk: String, sectorSize: Int64, diskSectors: Int64, isGPT: Bool, entries: [Entry], persistent: Int,
        kernelSectors: Int64, content: PersistentContent
    ) {
        self.disk = disk
        self.sectorSize = sectorSize
        self.diskSectors = diskSectors
        self.isGPT = isGPT
        self.entries = entries
        self.persistent = persistent
        self.kernelSectors = kernelSectors
        self.content = content
    }
}
