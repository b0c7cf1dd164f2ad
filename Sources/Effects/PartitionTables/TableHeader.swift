import ImageModel

/// The header of a GPT, as its sector has it (UEFI specification 2.10, table 5.5).
struct TableHeader: Equatable {
    /// Bytes of the fields that the specification has.
    private static let length = 92
    private static let signature = Array("EFI PART".utf8)

    /// The whole sector; the fields are read from it and written to it, all else in it stays.
    private(set) var sector: [UInt8]

    /// Takes a sector; nil when it is no such header, or its checksum fails.
    init?(parsing sector: [UInt8]) {
        guard sector.count >= Self.length, sector.starts(with: Self.signature) else { return nil }
        self.sector = sector
        guard (Self.length...sector.count).contains(size), checksum == Int64(sector.number(at: 16, bytes: 4)) else {
            return nil
        }
    }

    /// Bytes that the checksum covers.
    private var size: Int { Int(sector.number(at: 12, bytes: 4)) }

    private var checksum: Int64 {
        var covered = Array(sector.prefix(size))
        covered.replace(at: 16, bytes: 4, with: 0)
        return Int64(CRC32.checksum(covered))
    }

    /// The sector that it lies in.
    var place: Int64 {
        get { number(24) }
        set { sector.replace(at: 24, bytes: 8, with: newValue) }
    }

    /// The sector that its copy lies in.
    var copy: Int64 {
        get { number(32) }
        set { sector.replace(at: 32, bytes: 8, with: newValue) }
    }

    /// The first sector that a partition may have.
    var firstUsable: Int64 {
        get { number(40) }
        set { sector.replace(at: 40, bytes: 8, with: newValue) }
    }

    /// The last sector that a partition may have.
    var lastUsable: Int64 {
        get { number(48) }
        set { sector.replace(at: 48, bytes: 8, with: newValue) }
    }

    /// The GUID of the disk, as it is stored.
    var identifier: [UInt8] {
        get { Array(sector[56..<72]) }
        set { sector.replaceSubrange(56..<72, with: newValue.prefix(16)) }
    }

    /// The first sector of the entries.
    var entries: Int64 {
        get { number(72) }
        set { sector.replace(at: 72, bytes: 8, with: newValue) }
    }

    /// How many entries there are.
    var entryCount: Int64 { Int64(sector.number(at: 80, bytes: 4)) }

    /// Bytes of an entry.
    var entrySize: Int64 { Int64(sector.number(at: 84, bytes: 4)) }

    /// The checksum of the entries.
    var entriesChecksum: Int64 {
        get { Int64(sector.number(at: 88, bytes: 4)) }
        set { sector.replace(at: 88, bytes: 4, with: newValue) }
    }

    private func number(_ place: Int) -> Int64 { Int64(clamping: sector.number(at: place, bytes: 8)) }

    /// The sector with a checksum that holds.
    var sealed: [UInt8] {
        var sealed = sector
        sealed.replace(at: 16, bytes: 4, with: checksum)
        return sealed
    }
}

extension [UInt8] {
    /// A number that is stored with its lowest byte first; zero where there are no such bytes.
    func number(at place: Int, bytes: Int) -> UInt64 {
        guard place >= 0, place + bytes <= count else { return 0 }
        return self[place..<(place + bytes)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Stores a number with its lowest byte first; nothing where there is no room.
    mutating func replace(at place: Int, bytes: Int, with number: Int64) {
        guard place >= 0, place + bytes <= count else { return }
        for index in 0..<bytes { self[place + index] = UInt8(truncatingIfNeeded: number >> (8 * Int64(index))) }
    }
}
