import Cryptography
import ImageModel

/// States one thing that is durably in a staging folder, or no longer is.
struct JournalRecord: Equatable, Sendable {
    /// What is stated.
    enum Kind: UInt8, Sendable {
        /// The bytes are in place; they came from this machine and are verified, or (`ImageCopy`) will be before the folder is used.
        case copied = 1
        /// The bytes are in place and verified; they came over the network.
        case fetched = 2
        /// The bytes are in place; they belong to a chunk that was not complete, hence not verified.
        case arrived = 3
        /// The bytes are wrong after all.
        case discarded = 4
    }

    /// What is stated.
    var kind: Kind
    /// The file: its number in `StagedFile.order`.
    var file: UInt8
    /// The bytes of the file.
    var range: Range<Int>
}

/// Reads and writes the journal of a download (`docs/delta.md`).
///
/// All numbers are little-endian. Each check is the first eight bytes of the SHA-256 over the check before it and the
/// bytes that it follows, so that records count only in the sequence in which they were written, for this source:
///
/// | offset | size | header | record |
/// |---|---|---|---|
/// | 0 | 8 | magic `LBFETCH1` | kind (1), file (1), reserved 0 (2), number (4) |
/// | 8 | 16 | digest of the source manifest, 32 bytes | start (8), end (8) |
/// | 24 | 8 | | check |
/// | 40 | 16 | reserved, 0 | |
/// | 56 | 8 | check | |
struct JournalCodec: Equatable, Sendable {
    /// Bytes of the header.
    static let headerLength = 64
    /// Bytes of a record.
    static let recordLength = 32
    private static let magic = Array("LBFETCH1".utf8)

    /// Number of records so far.
    private(set) var count = 0
    private var check: [UInt8]

    /// Bytes of the header and the records so far.
    var length: Int { Self.headerLength + count * Self.recordLength }

    /// Begins a journal: returns its header as well.
    static func begin(source: Digest) throws -> (codec: JournalCodec, header: [UInt8]) {
        let head = magic + source.bytes + [UInt8](repeating: 0, count: 16)
        let check = try check(of: head, after: [])
        return (JournalCodec(check: check), head + check)
    }

    /// Reads a journal as far as it is valid; nil when it is not one of this source.
    static func read(_ bytes: [UInt8], source: Digest) throws -> (codec: JournalCodec, records: [JournalRecord])? {
        var (codec, header) = try begin(source: source)
        guard bytes.starts(with: header) else { return nil }
        var records: [JournalRecord] = []
        while bytes.count - codec.length >= recordLength {
            guard let record = try codec.next(bytes[codec.length..<(codec.length + recordLength)]) else { break }
            records.append(record)
        }
        return (codec, records)
    }

    /// Returns the bytes of the next record.
    mutating func append(_ record: JournalRecord) throws -> [UInt8] {
        var bytes = [record.kind.rawValue, record.file, 0, 0]
        Self.append(UInt32(clamping: count), to: &bytes)
        Self.append(UInt64(clamping: record.range.lowerBound), to: &bytes)
        Self.append(UInt64(clamping: record.range.upperBound), to: &bytes)
        check = try Self.check(of: bytes, after: check)
        count += 1
        return bytes + check
    }

    /// Takes the next record; nil when it is torn or stale.
    private mutating func next(_ bytes: ArraySlice<UInt8>) throws -> JournalRecord? {
        let bytes = Array(bytes)
        guard let kind = JournalRecord.Kind(rawValue: bytes[0]), Self.integer(bytes[4..<8]) == UInt64(count),
            let start = Int(exactly: Self.integer(bytes[8..<16])), let end = Int(exactly: Self.integer(bytes[16..<24])),
            start <= end, bytes[2] == 0, bytes[3] == 0
        else { return nil }
        let check = try Self.check(of: Array(bytes[..<24]), after: check)
        guard bytes[24...].elementsEqual(check) else { return nil }
        self.check = check
        count += 1
        return JournalRecord(kind: kind, file: bytes[1], range: start..<end)
    }

    private static func check(of bytes: [UInt8], after previous: [UInt8]) throws -> [UInt8] {
        Array(try SHA256Hasher.digest(of: previous + bytes).bytes.prefix(8))
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func append(_ value: some FixedWidthInteger & UnsignedInteger, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
