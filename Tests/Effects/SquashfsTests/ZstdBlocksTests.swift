import Foundation
import ImageModel
import SeededNumbers
import SystemPackage
import Testing

@testable import Squashfs

@Suite("Blocks by difference")
struct ZstdBlocksTests {
    /// Text that compresses, and the same with a few bytes changed.
    private static func contents() -> (known: [UInt8], block: [UInt8]) {
        var random = SeededGenerator(seed: 4)
        let words = (0..<20_000).map { _ in "word\(random.next() % 5_000) " }
        let known = Array(words.joined().utf8)
        var block = Array(known.prefix(100_000))
        for place in stride(from: 80, to: block.count, by: 9_000) { block[place] ^= 0x55 }
        return (known, block)
    }

    @Test("a block comes out of its difference, and the difference is short")
    func difference() throws {
        let zstd = try ZstdBlocks()
        let (known, block) = Self.contents()
        let difference = try #require(zstd.difference(of: block, from: known, level: 15))
        let alone = try #require(zstd.compressed(block, level: 9))
        #expect(difference.count < alone.count / 10)
        #expect(zstd.block(difference, from: known, limit: block.count) == block)
        #expect(zstd.block(difference, from: known, limit: block.count - 1) == nil, "longer than the limit")
        #expect(zstd.block(difference, from: Array(known.dropFirst()), limit: block.count) != block)
        #expect(zstd.block(Array(difference.dropLast()), from: known, limit: block.count) == nil, "cut short")
        #expect(zstd.decompressed(alone, limit: block.count) == block, "what came before does not count")
        #expect(zstd.compressed(block, level: 9) == alone)
    }

    @Test("what does not become smaller is not compressed")
    func incompressible() throws {
        var random = SeededGenerator(seed: 5)
        let zstd = try ZstdBlocks()
        let noise = (0..<4_096).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        #expect(zstd.compressed(noise, level: 9) == nil)
        #expect(zstd.decompressed(noise, limit: 4_096) == nil)
    }

    @Test("a file is what the blocks hold that are named for it")
    func places() throws {
        let fixture = try SquashfsFixture()
        let (_, text) = Self.contents()
        var random = SeededGenerator(seed: 6)
        let noise = (0..<(128 << 10)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let large = noise + [UInt8](repeating: 0, count: 128 << 10) + text + text
        try fixture.write { writer in
            try writer.file("a", large)
            try writer.file("b", Array("small".utf8))
        }
        let image = [UInt8](try Data(contentsOf: URL(filePath: fixture.image.string)))
        let zstd = try ZstdBlocks()
        var reader = try SquashfsReader(path: fixture.image)
        let shared = try reader.sharedBlocks()
        func content(_ block: StoredBlock) -> [UInt8]? {
            let stored = Array(image[block.offset..<(block.offset + block.length)])
            return block.isCompressed ? zstd.decompressed(stored, limit: reader.blockSize) : stored
        }
        var found: [String: FilePlaces] = [:]
        while let entry = try reader.next() {
            found[String(decoding: entry.path, as: UTF8.self)] = try reader.places(shared: shared)
        }
        #expect(found[""] == FilePlaces(), "a folder")
        let places = try #require(found["a"])
        #expect(places.blocks.count == 4 && places.blocks[1] == nil && places.blocks[0]?.isCompressed == false)
        let parts = try places.blocks.map { block in
            try block.map { try #require(content($0)) } ?? [UInt8](repeating: 0, count: 128 << 10)
        }
        #expect(parts.joined().elementsEqual(large))
        let small = try #require(found["b"]?.shared)
        #expect(found["b"]?.blocks == [])
        #expect(content(small)?.starts(with: Array("small".utf8)) == true)
    }
}
