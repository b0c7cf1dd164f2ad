/// The last 512 bytes of a fixed VHD (Virtual Hard Disk Image Format Specification 1.0, "Hard Disk Footer Format").
package struct VHDFooter: Equatable, Sendable {
    /// Bytes of a footer.
    package static let length = 512
    /// Bytes in a sector of every VHD.
    private static let sectorSize: Int64 = 512
    /// Where the sum over all other bytes lies.
    private static let checksumPlace = 64
    /// 2000-01-01T00:00:00Z, when the clock of these footers begins, in seconds since 1970.
    private static let epoch: Int64 = 946_684_800

    /// The size of the disk in bytes.
    package var size: Int64
    /// When it was made, in seconds since 1970; before 2000 counts as 2000.
    package var time: Int64
    /// The disk's UUID as 32 hexadecimal digits, hyphens left out of account.
    package var identifier: String

    /// Describes a disk.
    package init(size: Int64, time: Int64, identifier: String) {
        (self.size, self.time, self.identifier) = (size, time, identifier)
    }

    /// The bytes, all numbers with the highest byte first.
    package var bytes: [UInt8] {
        var bytes = fields
        let sum = bytes.reduce(UInt32(0)) { $0 &+ UInt32($1) }
        bytes.replaceSubrange(Self.checksumPlace..<Self.checksumPlace + 4, with: Self.number(~sum))
        return bytes
    }

    /// All but the checksum, which counts as zeros.
    private var fields: [UInt8] {
        var bytes = Array("conectix".utf8)
        // Reserved, must be set; version 1.0; no further header follows a fixed disk.
        bytes += Self.number(UInt32(2)) + Self.number(UInt32(0x0001_0000)) + Self.number(UInt64.max)
        bytes += Self.number(UInt32(clamping: time - Self.epoch))
        // QEMU believes the size below only of creators that it knows, Azure of fewer: 'win ' on Windows ('Wi2k').
        bytes += Array("win ".utf8) + Self.number(UInt32(0x0006_0001)) + Array("Wi2k".utf8)
        bytes += Self.number(UInt64(clamping: size)) + Self.number(UInt64(clamping: size)) + geometry.bytes
        // A fixed disk; the checksum; the UUID; no saved state.
        bytes += Self.number(UInt32(2)) + Self.number(UInt32(0)) + Self.uuid(identifier)
        return bytes + [UInt8](repeating: 0, count: Self.length - bytes.count)
    }

    /// Cylinders, heads and sectors of a track, by the specification's own algorithm ("Appendix: CHS Calculation").
    package var geometry: VHDGeometry { VHDGeometry(sectors: size / Self.sectorSize) }

    /// A number with its highest byte first.
    static func number(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func uuid(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue) + [Int](repeating: 0, count: 32)
        return (0..<16).map { UInt8(digits[2 * $0] << 4 | digits[2 * $0 + 1]) }
    }
}

/// The geometry by which old programs know the size of a disk; it is at most 136,899,993,600 bytes, whatever the disk has.
package struct VHDGeometry: Equatable, Sendable {
    /// Tracks of a head.
    package let cylinders: Int64
    /// Heads.
    package let heads: Int64
    /// Sectors of a track.
    package let sectorsPerTrack: Int64

    /// The geometry of a disk of so many sectors.
    init(sectors all: Int64) {
        let sectors = min(all, 65_535 * 16 * 255)
        guard sectors < 65_535 * 16 * 63 else {
            (cylinders, heads, sectorsPerTrack) = (sectors / 255 / 16, 16, 255)
            return
        }
        var heads = max(4, (sectors / 17 + 1023) / 1024)
        var track: Int64 = 17
        if sectors / track >= heads * 1024 || heads > 16 { (track, heads) = (31, 16) }
        if sectors / track >= heads * 1024 { (track, heads) = (63, 16) }
        (cylinders, self.heads, sectorsPerTrack) = (sectors / track / heads, heads, track)
    }

    /// The four bytes of the footer.
    var bytes: [UInt8] {
        VHDFooter.number(UInt16(clamping: cylinders)) + [UInt8(clamping: heads), UInt8(clamping: sectorsPerTrack)]
    }
}
