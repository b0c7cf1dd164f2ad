/// Encodes the header of one file with holes in the old GNU format of tar, type `S` (GNU tar manual, "Old GNU Format").
///
/// What Google Compute Engine imports must have this format, and no other has holes and files above 8 GiB in one header.
package struct SparseTarHeader: Equatable, Sendable {
    /// How many places of data the header itself has room for, and each block behind it.
    private static let (inHeader, inBlock) = (4, 21)

    /// The name of the file, at most 99 bytes.
    package var name: String
    /// The size of the file with its holes.
    package var size: Int64
    /// Where it has data, in order; the bytes of these follow the header, one behind the other.
    package var data: [Range<Int64>]
    /// The time of the file, in seconds since 1970.
    package var time: Int64

    /// Describes a file of root's that all may read.
    package init(name: String, size: Int64, data: [Range<Int64>], time: Int64) {
        (self.name, self.size, self.data, self.time) = (name, size, data, time)
    }

    /// The bytes of the content that follow, padding left out.
    package var stored: Int64 { data.reduce(0) { $0 + Int64($1.count) } }

    /// The zeros behind the content, and behind those the end of the archive: two blocks of zeros.
    package var trailer: [UInt8] {
        [UInt8](repeating: 0, count: Int((512 - stored % 512) % 512) + 2 * PaxWriter.blockLength)
    }

    /// The places with data; a hole at the end is told by a place without length there.
    private var places: [Range<Int64>] { data.last?.upperBound == size ? data : data + [size..<size] }

    /// The header, and the blocks of the further places, each of which says whether another one follows.
    package var bytes: [UInt8] {
        var rest = places[...]
        var header = fixedFields
        for (index, place) in rest.prefix(Self.inHeader).enumerated() {
            PaxHeader.put(Self.number(place), at: 386 + 24 * index, in: &header)
        }
        rest = rest.dropFirst(Self.inHeader)
        header[482] = rest.isEmpty ? 0 : 1
        var bytes = PaxHeader.checked(header)
        while !rest.isEmpty {
            var block = rest.prefix(Self.inBlock).flatMap(Self.number)
            block += [UInt8](repeating: 0, count: PaxWriter.blockLength - block.count)
            rest = rest.dropFirst(Self.inBlock)
            block[504] = rest.isEmpty ? 0 : 1
            bytes += block
        }
        return bytes
    }

    private var fixedFields: [UInt8] {
        var block = [UInt8](repeating: 0, count: PaxWriter.blockLength)
        PaxHeader.put(Array(name.utf8.prefix(99)), at: 0, in: &block)
        PaxHeader.put(PaxHeader.octal(0o644, 7), at: 100, in: &block)
        for field in [108, 116] { PaxHeader.put(PaxHeader.octal(0, 7), at: field, in: &block) }
        PaxHeader.put(Self.number(stored), at: 124, in: &block)
        PaxHeader.put(Self.number(max(0, time)), at: 136, in: &block)
        block[156] = UInt8(ascii: "S")
        PaxHeader.put(Array("ustar  ".utf8), at: 257, in: &block)
        PaxHeader.put(Self.number(size), at: 483, in: &block)
        return block
    }

    private static func number(_ place: Range<Int64>) -> [UInt8] {
        number(place.lowerBound) + number(Int64(place.count))
    }

    /// Twelve bytes: octal digits below 8 GiB; above, a mark and the number with its highest byte first.
    private static func number(_ value: Int64) -> [UInt8] {
        if value < 1 << 33 { return PaxHeader.octal(value, 11) + [0] }
        return [0x80, 0, 0, 0] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
