import ImagePlanning
import LinuxSystem
package import SystemPackage

/// The two places for a core image in the BIOS partition, and sector 0, which says which one counts.
package struct GrubBootSector: Sendable {
    /// The whole disk.
    package let disk: FilePath
    /// The BIOS partition.
    package let partition: FilePath
    /// The number of its first sector.
    package let firstSector: UInt64

    /// Names the places.
    package init(disk: FilePath, partition: FilePath, firstSector: UInt64) {
        self.disk = disk
        self.partition = partition
        self.firstSector = firstSector
    }

    /// Says whether BIOS loads exactly these two; nil when sector 0 is not one of ours.
    ///
    /// - Throws: `SystemError` when the disk cannot be read.
    func loads(_ bootImage: [UInt8], _ core: [UInt8]) throws -> Bool? {
        let sector = try FileRange.read(disk, at: 0, count: Self.size)
        guard let slot = GrubBootCode.slot(of: sector, partitionSector: firstSector) else { return nil }
        let place = GrubBootCode.coreSector(slot: slot, partitionSector: firstSector)
        let expected = try GrubBootCode.core(core, coreSector: place, limit: GrubBootCode.slotSize)
        let found = try FileRange.read(partition, at: Int64(slot * GrubBootCode.slotSize), count: expected.count)
        return try found == expected && sector == GrubBootCode.bootSector(bootImage, over: sector, coreSector: place)
    }

    private static let size = 512

    /// Writes a core image into the place that is not in use.
    ///
    /// - Throws: `GrubError` when sector 0 is not one of ours; `SystemError` when it cannot be written.
    func writeSpare(_ core: [UInt8]) throws { try write(core, slot: 1 - usedSlot()) }

    /// Makes sector 0 load what `writeSpare` wrote: one sector, and the partition table in it stays.
    ///
    /// - Throws: as `writeSpare`.
    func commit(_ bootImage: [UInt8]) throws { try commit(bootImage, slot: 1 - usedSlot()) }

    /// Writes a core image into a place of a disk that does not boot yet.
    package func write(_ core: [UInt8], slot: Int) throws {
        let place = GrubBootCode.coreSector(slot: slot, partitionSector: firstSector)
        let bytes = try GrubBootCode.core(core, coreSector: place, limit: GrubBootCode.slotSize)
        try SectorFile.write(bytes, at: Int64(slot * GrubBootCode.slotSize), to: partition)
    }

    /// Makes sector 0 load the core image in a place.
    package func commit(_ bootImage: [UInt8], slot: Int) throws {
        let place = GrubBootCode.coreSector(slot: slot, partitionSector: firstSector)
        let sector = try FileRange.read(disk, at: 0, count: Self.size)
        let bytes = try GrubBootCode.bootSector(bootImage, over: sector, coreSector: place)
        try SectorFile.write(bytes, to: disk)
    }

    private func usedSlot() throws -> Int {
        let sector = try FileRange.read(disk, at: 0, count: Self.size)
        guard let slot = GrubBootCode.slot(of: sector, partitionSector: firstSector) else {
            throw GrubError("upgrading", disk, "its boot sector was not written by lifeboot")
        }
        return slot
    }
}
