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
    /// - Parameters:
    ///   - number: the partition's number, from 1.
    ///   - sectors: its new length.
    /// - Throws: as `change`.
    package static func extend(_ path: FilePath, partition number: Int, to sectors: Int64) throws(PartitionTableError) {
        var change = TableChange()
        change.lengths[number] = sectors
        try self.change(path, change)
    }

    /// Changes the table of a disk that may be in use, and moves its copy to the end of the disk.
    ///
    /// The order of the writes is in docs/growing.md. The kernel still has to be told. The copy alone is no help: the
    /// kernel reads it only with `gpt` on its command line (block/partitions/efi.c).
    ///
    /// - Throws: `PartitionTableError` when the disk cannot be written or the change does not fit; nothing was written then,
    ///   unless the disk fails.
    package static func change(_ path: FilePath, _ change: TableChange) throws(PartitionTableError) {
        let known = try DiskTable(of: path)
        guard known.isGPT else { throw .change(path, "its table is no GPT") }
        let file = try TableFile(path)
        let bytes = try TableBytes(of: path, sectorSize: known.sectorSize, diskSectors: known.diskSectors) {
            (place, count) throws(PartitionTableError) in try file.read(place, count)
        }
        let protective = try file.read(0, Int(known.sectorSize))
        for write in try bytes.writes(change, on: path, protective: protective) { try file.write(write) }
    }
}
