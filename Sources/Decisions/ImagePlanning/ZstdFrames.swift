/// Finds where compressed data ends that has other data behind it (RFC 8878, section 3.1).
package struct ZstdFrames {
    private let read: (Int64) throws -> [UInt8]
    private var window: [UInt8] = []
    private var start: Int64 = 0

    /// Prepares to look into a file.
    ///
    /// - Parameter read: gives some bytes of the file from a place on, at least 18 where it has them.
    package init(read: @escaping (Int64) throws -> [UInt8]) { self.read = read }

    /// The end of the frames that begin at a place, one behind the other; nil when the first of them is not whole.
    ///
    /// - Throws: what `read` throws.
    package mutating func end(from place: Int64) throws -> Int64? {
        var end: Int64?
        var next: Int64? = place
        while let begin = next {
            next = try frame(at: begin)
            end = next ?? end
        }
        return end
    }

    /// The end of one frame; nil when there is none, or it is not whole.
    private mutating func frame(at place: Int64) throws -> Int64? {
        guard let magic = try number(at: place, 4) else { return nil }
        if magic & 0xFFFF_FFF0 == 0x184D_2A50 {
            guard let length = try number(at: place + 4, 4) else { return nil }
            return try isThere(place + 8 + Int64(length)) ? place + 8 + Int64(length) : nil
        }
        guard magic == 0xFD2F_B528, let flags = try number(at: place + 4, 1) else { return nil }
        var offset = place + 5 + Self.headerLength(flags)
        while let block = try number(at: offset, 3) {
            let length = block >> 1 & 3 == 1 ? 1 : Int64(block >> 3)
            offset += 3 + length
            guard try isThere(offset) else { return nil }
            guard block & 1 == 1 else { continue }
            let end = offset + (flags & 4 == 4 ? 4 : 0)
            return try isThere(end) ? end : nil
        }
        return nil
    }

    /// The bytes between the descriptor and the first block.
    private static func headerLength(_ flags: UInt32) -> Int64 {
        let isSingle = flags & 0x20 != 0
        let dictionary: [Int64] = [0, 1, 2, 4]
        let size: [Int64] = [isSingle ? 1 : 0, 2, 4, 8]
        return (isSingle ? 0 : 1) + dictionary[Int(flags & 3)] + size[Int(flags >> 6)]
    }

    private mutating func isThere(_ end: Int64) throws -> Bool { try number(at: end - 1, 1) != nil }

    /// A number of so many bytes, the low one first; nil where the file ends before.
    private mutating func number(at place: Int64, _ count: Int) throws -> UInt32? {
        if place < start || place + Int64(count) > start + Int64(window.count) {
            window = try read(place)
            start = place
        }
        let index = Int(place - start)
        guard index + count <= window.count else { return nil }
        return (0..<count).reduce(0) { $0 | UInt32(window[index + $1]) << (8 * $1) }
    }
}
