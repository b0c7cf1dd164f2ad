import Faults
import Testing

@testable import ImageModel

@Suite("Chunk index")
struct ChunkIndexTests {
    static func sample() -> ChunkIndex {
        var index = ChunkIndex(parameters: .standard, digest: digest(9))
        index.append(length: 40_000, digest: digest(1))
        index.append(length: 131_072, digest: digest(2))
        index.append(length: 5, digest: digest(3))
        return index
    }

    @Test("the layout of the file is fixed")
    func writes() {
        let bytes = Self.sample().serialized()
        let header: [UInt8] =
            Array("LBCHUNKS".utf8) + [1, 0, 0, 0] + [3, 0, 0, 0]  // version, count
            + [0, 0x20, 0, 0] + [0, 0x80, 0, 0] + [0, 0, 2, 0]  // minimum, mean, maximum
            + [0, 0, 0, 0] + [0x45, 0x9C, 2, 0, 0, 0, 0, 0]  // reserved, size
        #expect(Array(bytes.prefix(40)) == header)
        #expect(Array(bytes[40..<72]) == digest(9).bytes)
        #expect(Array(bytes[72..<76]) == [0x40, 0x9C, 0, 0])
        #expect(bytes.count == 72 + 3 * 36)
    }

    @Test("an index is read back as it was written, with offsets")
    func reads() throws {
        let index = try ChunkIndex(parsing: Self.sample().serialized())
        #expect(index == Self.sample())
        #expect(index.chunks.map(\.offset) == [0, 40_000, 171_072])
        let empty = ChunkIndex(parameters: .standard, digest: digest(0))
        #expect(try ChunkIndex(parsing: empty.serialized()) == empty)
    }

    @Test(
        "a malformed index is refused with the offset",
        arguments: [
            (0, 1, 0), (8, 2, 8), (12, 2, 144), (12, 4, 180), (15, 255, 180), (16, 0xFF, 16), (22, 1, 16),
            (28, 1, 28), (32, 0, 32), (39, 255, 32), (74, 3, 72), (73, 1, 72), (144, 0, 144),
        ])
    func refuses(place: Int, byte: UInt8, offset: Int) {
        var bytes = Self.sample().serialized()
        bytes[place] = byte
        if place == 16 { bytes[18] = 0xFF }
        if place == 73 { bytes[72] = 0 }
        let error = #expect(throws: ChunkIndexError.self) { try ChunkIndex(parsing: bytes) }
        #expect(error?.kind.offset == offset, "\(String(describing: error))")
    }

    @Test("cut and altered indexes never trap, and cut ones are refused")
    func survivesDamage() {
        let bytes = Self.sample().serialized()
        for damaged in bytes.mutations(seed: 2) {
            let index = try? ChunkIndex(parsing: damaged)
            if damaged.count < bytes.count { #expect(index == nil) }
        }
    }
}
