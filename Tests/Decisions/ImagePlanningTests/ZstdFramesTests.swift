import Testing

@testable import ImagePlanning

@Suite("Ends of zstd frames")
struct ZstdFramesTests {
    private static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

    /// The end in these bytes, read in windows of so many.
    private func end(_ bytes: [UInt8], window: Int = 18) throws -> Int64? {
        var frames = ZstdFrames { Array(bytes.dropFirst(Int($0)).prefix(window)) }
        return try frames.end(from: 0)
    }

    /// A block of that type and size, with what follows it.
    private static func block(last: Bool, type: Int, size: Int, _ content: [UInt8]) -> [UInt8] {
        let number = size << 3 | type << 1 | (last ? 1 : 0)
        return [UInt8(number & 0xFF), UInt8(number >> 8 & 0xFF), UInt8(number >> 16)] + content
    }

    @Test(
        "a frame ends with its last block, or with its checksum",
        arguments: [
            (0x00 as UInt8, 1, 0), (0x20, 1, 0), (0x24, 1, 4), (0xC0, 9, 0), (0x43, 7, 0), (0xA4, 4, 4),
        ])
    func frame(flags: UInt8, header: Int, checksum: Int) throws {
        let frame =
            Self.magic + [flags] + [UInt8](repeating: 9, count: header)
            + Self.block(last: false, type: 2, size: 40, [UInt8](repeating: 1, count: 40))
            + Self.block(last: false, type: 1, size: 5_000, [7])
            + Self.block(last: true, type: 0, size: 3, [1, 2, 3]) + [UInt8](repeating: 5, count: checksum)
        #expect(try end(frame) == Int64(frame.count))
        #expect(try end(frame + [0, 0, 0, 0, 1, 2, 3]) == Int64(frame.count))
        #expect(try end(frame + Self.magic + [0]) == Int64(frame.count))
        for length in 0..<frame.count { #expect(try end(Array(frame.prefix(length))) == nil, "\(length)") }
    }

    @Test("frames behind each other are one, also those to be skipped")
    func several() throws {
        let frame = Self.magic + [0x20, 0] + Self.block(last: true, type: 0, size: 0, [])
        let skipped: [UInt8] = [0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
        #expect(try end(frame + skipped + frame, window: 4_096) == Int64(frame.count * 2 + skipped.count))
        #expect(try end([0x1F, 0x8B]) == nil)
    }
}
