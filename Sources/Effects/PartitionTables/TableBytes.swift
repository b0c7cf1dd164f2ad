import Faults
import ImageModel
import SystemPackage

/// One write of a change; each is durable before the next begins.
struct TableWrite: Equatable {
    /// Where it goes, in bytes.
    var place: Int64
    /// What is written.
    var bytes: [UInt8]
}

/// The table of a disk as it lies on it: the header in front and its entries.
struct TableBytes: Equatable {
    /// Where the entries may lie, in bytes from the start of the disk, besides behind the header.
    static let secondPlace: Int64 = 512 << 10
    /// Where our partitions begin at the earliest.
    private static let front: Int64 = 1 << 20
    /// Bytes of entries that are taken for sound: the usual are 16 KiB.
    private static let limit: Int64 = 256 << 10

    private(set) var header: TableHeader
    private var entries: [UInt8]
    let sectorSize: Int64
    let diskSectors: Int64

    /// Takes what was read.
    ///
    /// - Parameter read: reads so many bytes at a place.
    /// - Throws: `PartitionTableError` when the table in front does not hold; what `read` throws.
    init(
        of path: FilePath, sectorSize: Int64, diskSectors: Int64,
        read: (Int64, Int) throws(PartitionTableError) -> [UInt8]
    ) throws(PartitionTableError) {
        guard let header = TableHeader(parsing: try read(sectorSize, Int(sectorSize))), header.place == 1 else {
            throw .change(path, "the table in front does not hold")
        }
        let (length, overflow) = header.entryCount.multipliedReportingOverflow(by: header.entrySize)
        guard !overflow, header.entrySize >= 128, (1...Self.limit).contains(length), header.entries >= 2,
            header.entries < diskSectors
        else { throw .change(path, "the header of its table makes no sense") }
        let entries = try read(header.entries * sectorSize, Int(length))
        guard Int64(CRC32.checksum(entries)) == header.entriesChecksum else {
            throw .change(path, "the entries of its table do not hold")
        }
        (self.header, self.entries) = (header, entries)
        (self.sectorSize, self.diskSectors) = (sectorSize, diskSectors)
    }

    /// The writes that change the table, in their order: the copy at the end of the disk, the entries where the table in
    /// front does not look for them, and then its header, one sector, which a disk writes whole or not at all.
    ///
    /// - Parameter protective: the first sector of the disk; its boot code stays.
    /// - Throws: `PartitionTableError` when the change does not fit.
    func writes(
        _ change: TableChange, on path: FilePath, protective: [UInt8]
    ) throws(PartitionTableError) -> [TableWrite] {
        var next = self
        try next.apply(change, path)
        try next.checkPlaces(path)
        var copy = next.header
        (copy.place, copy.copy, copy.entries) = (diskSectors - 1, 1, diskSectors - 1 - entrySectors)
        next.header.entries = next.otherPlace
        return [
            TableWrite(place: copy.entries * sectorSize, bytes: next.entries),
            TableWrite(place: copy.place * sectorSize, bytes: copy.sealed),
            TableWrite(place: next.header.entries * sectorSize, bytes: next.entries),
            TableWrite(place: sectorSize, bytes: next.header.sealed),
        ] + protectiveWrite(protective)
    }

    private var entrySectors: Int64 { (Int64(entries.count) + sectorSize - 1) / sectorSize }

    private mutating func apply(_ change: TableChange, _ path: FilePath) throws(PartitionTableError) {
        for (number, entry) in change.added {
            guard try !isUsed(number, path) else { throw .change(path, "partition \(number) is there already") }
            let type = try Self.bytes(of: entry.type, path)
            write(type, number, 0)
            write(try Self.bytes(of: entry.identifier, path), number, 16)
            entries.replace(at: start(number) + 32, bytes: 8, with: entry.firstSector)
            setEnd(number, entry.firstSector, entry.sectors)
            let name = entry.name.utf16.prefix(36).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            write(name + [UInt8](repeating: 0, count: 72 - name.count), number, 56)
        }
        for (number, sectors) in change.lengths {
            guard try isUsed(number, path), sectors > 0 else { throw .change(path, "there is no partition \(number)") }
            setEnd(number, firstSector(number), sectors)
        }
        for (number, identifier) in change.identifiers {
            guard try isUsed(number, path) else { throw .change(path, "there is no partition \(number)") }
            write(try Self.bytes(of: identifier, path), number, 16)
        }
        if let identifier = change.identifier { header.identifier = try Self.bytes(of: identifier, path) }
        header.copy = diskSectors - 1
        header.lastUsable = diskSectors - 2 - entrySectors
        header.entriesChecksum = Int64(CRC32.checksum(entries))
    }

    /// Refuses partitions that overlap, or reach beyond what the table leaves them.
    private mutating func checkPlaces(_ path: FilePath) throws(PartitionTableError) {
        let places = usedPlaces
        guard places.allSatisfy({ $0.first <= $0.last && $0.first >= 2 && $0.last <= header.lastUsable }) else {
            throw .change(path, "a partition does not fit on it")
        }
        for (one, other) in zip(places, places.dropFirst()) where one.last >= other.first {
            throw .change(path, "two partitions overlap")
        }
        // Then nobody takes the second place of the entries for room of a partition.
        if hasFront { header.firstUsable = max(header.firstUsable, Self.front / sectorSize) }
    }

    private var usedPlaces: [(first: Int64, last: Int64)] {
        let numbers = 1...Int(header.entryCount)
        let used = numbers.filter { number in entries[start(number)..<(start(number) + 16)].contains { $0 != 0 } }
        return used.map { (firstSector($0), Int64(clamping: entries.number(at: start($0) + 40, bytes: 8))) }
            .sorted { $0.first < $1.first }
    }

    private var hasFront: Bool { usedPlaces.allSatisfy { $0.first >= Self.front / sectorSize } }

    /// Where the new entries go: not where the ones are that count now, as long as there is room for both.
    private var otherPlace: Int64 {
        guard hasFront else { return header.entries }
        return header.entries == 2 ? Self.secondPlace / sectorSize : 2
    }

    /// The length in the protective MBR, of an entry that covers the disk (UEFI specification 2.10, table 5.4).
    private func protectiveWrite(_ sector: [UInt8]) -> [TableWrite] {
        let (type, length) = (446 + 4, 446 + 12)
        guard sector.count >= 512, sector[type] == 0xEE else { return [] }
        var changed = sector
        changed.replace(at: length, bytes: 4, with: min(diskSectors - 1, Int64(UInt32.max)))
        return changed == sector ? [] : [TableWrite(place: 0, bytes: changed)]
    }
}

extension TableBytes {
    private func start(_ number: Int) -> Int { (number - 1) * Int(header.entrySize) }

    private func firstSector(_ number: Int) -> Int64 {
        Int64(clamping: entries.number(at: start(number) + 32, bytes: 8))
    }

    private func isUsed(_ number: Int, _ path: FilePath) throws(PartitionTableError) -> Bool {
        guard (1...Int(header.entryCount)).contains(number) else {
            throw .change(path, "its table has no place for partition \(number)")
        }
        return entries[start(number)..<(start(number) + 16)].contains { $0 != 0 }
    }

    private mutating func write(_ bytes: [UInt8], _ number: Int, _ offset: Int) {
        let place = start(number) + offset
        entries.replaceSubrange(place..<(place + bytes.count), with: bytes)
    }

    private mutating func setEnd(_ number: Int, _ first: Int64, _ sectors: Int64) {
        let (end, overflow) = first.addingReportingOverflow(sectors)
        entries.replace(at: start(number) + 40, bytes: 8, with: overflow ? .max : end - 1)
    }

    /// A GUID as tables store it: its first three groups with the lowest byte first.
    private static func bytes(of text: String, _ path: FilePath) throws(PartitionTableError) -> [UInt8] {
        let digits = text.filter { $0 != "-" }.compactMap(\.hexDigitValue)
        guard digits.count == 32 else { throw .change(path, "\(text) is no GUID") }
        let bytes = stride(from: 0, to: 32, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        return bytes[0..<4].reversed() + bytes[4..<6].reversed() + bytes[6..<8].reversed() + bytes[8...]
    }
}
