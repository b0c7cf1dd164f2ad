import Foundation

/// What a guest wrote to its disk, in the order in which the writes were completed.
///
/// The format is that of the kernel's dm-log-writes (`drivers/md/dm-log-writes.c`), which QEMU's `blklogwrites` driver
/// writes: a superblock, then entries of one sector, each followed by the bytes that were written.
struct BlockLog: Sendable {
    /// One request.
    struct Entry: Sendable, Equatable {
        /// What the request did.
        enum Kind: Sendable {
            /// It wrote bytes.
            case write
            /// It gave up bytes, which are then undefined.
            case discard
            /// It did nothing itself; `isFlush` or the name in `mark` is all there is.
            case none
        }

        var kind: Kind
        /// Where on the disk, in bytes.
        var offset: UInt64 = 0
        /// How many bytes of the disk.
        var length = 0
        /// Where the bytes lie in the log.
        var data = 0
        /// Everything that was completed before is on the medium.
        var isFlush = false
        /// The request itself is on the medium when it is complete.
        var isForced = false

        /// The number of sectors: a write is torn only between two of them.
        var sectors: Int { length / BlockLog.sector }
        /// The bytes of the disk that it covers.
        var range: Range<UInt64> { offset..<offset + UInt64(length) }
    }

    /// The unit that a disk writes whole, in bytes.
    static let sector = 512
    private static let magic: UInt64 = 0x6A_73_66_77_73_68_72
    private static let version: UInt64 = 1
    private static let headerLength = 32

    let entries: [Entry]
    private let bytes: Data

    /// Reads a log; the bytes that were written stay in the file.
    init(contentsOf path: String) throws {
        try self.init(parsing: try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped))
    }

    /// Reads a log that is in memory.
    ///
    /// Throws a `MachineError` when it is not such a log or ends within an entry.
    init(parsing bytes: Data) throws {
        var fields = FieldReader(bytes)
        guard let magic = fields.next(), magic == Self.magic, fields.next() == Self.version,
            let count = fields.next(), let unit = fields.next().map({ Int($0 & 0xFFFF_FFFF) }),
            unit >= Self.headerLength
        else { throw MachineError("read a log of block writes", "it has no superblock of dm-log-writes") }
        var entries: [Entry] = []
        fields.position = unit
        for number in 0..<count {
            guard let entry = Self.entry(&fields, unit) else {
                throw MachineError("read a log of block writes", "it ends within entry \(number) of \(count)")
            }
            entries.append(entry)
        }
        self.entries = entries
        self.bytes = bytes
    }

    /// The bytes of a write, or some of its sectors.
    func data(of entry: Entry, sectors: Range<Int>? = nil) -> Data {
        let sectors = sectors ?? 0..<entry.sectors
        let start = bytes.startIndex + entry.data + sectors.lowerBound * Self.sector
        return bytes[start..<start + sectors.count * Self.sector]
    }

    /// Reads an entry; its sectors and the log's are `unit` bytes long.
    private static func entry(_ fields: inout FieldReader, _ unit: Int) -> Entry? {
        let start = fields.position
        guard let sector = fields.next(), let sectors = fields.next(), let flags = fields.next(),
            let length = fields.next(), length <= fields.count, sectors < 1 << 40, sector < 1 << 40
        else { return nil }
        var entry = Entry(kind: .none, isFlush: flags & 1 != 0, isForced: flags & 2 != 0)
        let isDiscard = flags & 4 != 0
        let isMark = flags & 8 != 0
        if sectors > 0, !isMark {
            entry.kind = isDiscard ? .discard : .write
            entry.offset = sector * UInt64(unit)
            entry.length = Int(sectors) * unit
            entry.data = start + unit
        }
        // Only a mark says how many bytes it has; for a write it is the sectors.
        let stored = isMark ? (Int(length) + unit - 1) / unit * unit : isDiscard ? 0 : entry.length
        guard start + unit + stored <= fields.count else { return nil }
        fields.position = start + unit + stored
        return entry
    }
}

/// Reads the little-endian fields of a log.
private struct FieldReader {
    let bytes: Data
    var position = 0

    var count: Int { bytes.count }

    init(_ bytes: Data) { self.bytes = bytes }

    mutating func next() -> UInt64? {
        guard position >= 0, position + 8 <= bytes.count else { return nil }
        defer { position += 8 }
        let start = bytes.startIndex + position
        return bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
