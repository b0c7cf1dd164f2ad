package import SystemPackage

/// The partition table that a disk has, as far as the growing of its last partition needs it.
package struct DiskTable: Equatable, Sendable {
    /// One partition.
    package struct Entry: Equatable, Sendable {
        /// Its number, from 1.
        package var number: Int
        /// PARTLABEL.
        package var name: String
        /// Number of the first sector.
        package var start: Int64
        /// Length in sectors.
        package var sectors: Int64
    }

    /// Whether it is a GPT; no other table is read further.
    package var isGPT: Bool
    /// Bytes of a sector.
    package var sectorSize: Int64
    /// Sectors of the disk.
    package var diskSectors: Int64
    /// The partitions in the order of their numbers.
    package var entries: [Entry]

    /// Reads the table of a disk or of a file that holds one; nothing is written.
    ///
    /// - Throws: `PartitionTableError` when it cannot be read.
    package init(of path: FilePath) throws(PartitionTableError) {
        let context = try FdiskContext(path, readOnly: true)
        isGPT = context.isGPT
        (sectorSize, diskSectors) = (context.sectorSize, context.sectors)
        entries = isGPT ? try context.entries() : []
    }

    /// Makes a partition longer and moves the table's copy to the end of the disk; every other entry stays as it is.
    ///
    /// libfdisk writes, each flushed before the next: the copy's entries, the copy's header, the entries in front, the
    /// header in front, the protective MBR (gpt_write_disklabel in util-linux). A cut leaves one of the two whole: while
    /// the one in front is written, its checksum fails and the copy at the end of the disk, already new, counts.
    ///
    /// - Parameters:
    ///   - number: the partition's number, from 1.
    ///   - sectors: its new length.
    /// - Throws: `PartitionTableError` when the disk cannot be written or the length does not fit.
    package static func extend(_ path: FilePath, partition number: Int, to sectors: Int64) throws(PartitionTableError) {
        let context = try FdiskContext(path)
        try context.resize(number, sectors)
        try context.write()
    }
}
