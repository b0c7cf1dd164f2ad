import Cryptography
import Foundation
import ImageModel
import SeededNumbers
import Squashfs
import SystemPackage
import Testing
import TransferPlanning

@testable import ImageFetching

@Suite("Patches", .timeLimit(.minutes(5)))
struct PatchFetchTests {
    /// Content of a block in two versions.
    private static let contents: (old: [UInt8], new: [UInt8]) = {
        var random = SeededGenerator(seed: 21)
        let old = Array((0..<20_000).map { _ in "word\(random.next() % 5_000) " }.joined().utf8.prefix(128 << 10))
        var new = old
        for place in stride(from: 10, to: new.count, by: 9_000) { new[place] ^= 0x55 }
        return (old, new)
    }()

    /// An image of blocks that stay, and of one block of text.
    private static func image(
        _ content: [UInt8], _ patches: (ChunkIndex) throws -> [ImageFixture.Patch] = { _ in [] }
    ) throws -> ImageFixture {
        let block = try #require(try ZstdBlocks().compressed(content, level: 9))
        var random = SeededGenerator(seed: 22)
        let data = random.bytes(200_000) + block + random.bytes(1 << 20)
        let whole = Array(data.prefix(data.count / 4_096 * 4_096))
        return try ImageFixture(data: whole, places: [200_000, 200_000 + block.count], patches: patches)
    }

    private static func patched(
        _ old: ImageFixture, level: Int = 9, base: Digest? = nil, damage: Bool = false
    ) throws -> ImageFixture {
        try image(contents.new) { index in
            let zstd = try ZstdBlocks()
            let length = try #require(zstd.compressed(contents.old, level: 9)).count
            var patch = RootPatch(level: level, blockSize: 128 << 10)
            let chunk = try #require(index.chunks.firstIndex { $0.offset == 200_000 })
            var difference = try #require(zstd.difference(of: contents.new, from: contents.old, level: 15))
            if damage { difference[difference.count / 2] ^= 0xFF }
            patch.changes = [
                RootPatch.Change(
                    chunk: chunk, isCompressed: true,
                    base: [StoredBlock(offset: 200_000, length: length, isCompressed: true)], difference: difference)
            ]
            return [(base ?? old.manifest.root.sha256, index.chunks[chunk].length, patch.serialized())]
        }
    }

    private static func fetch(_ fixture: ImageFixture, _ old: ImageFixture) throws -> ArtifactFetchTests.Attempt {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        try old.write(to: local)
        let attempt = try ArtifactFetchTests.fetch(fixture, into: staging, locals: [local])
        #expect(attempt.error == nil, "\(String(describing: attempt.error))")
        try fixture.expectWhole(in: staging)
        return attempt
    }

    @Test("a block that a patch makes out of the image that is here is not fetched")
    func patch() throws {
        let old = try Self.image(Self.contents.old)
        let plain = try Self.fetch(try Self.image(Self.contents.new), old)
        let attempt = try Self.fetch(try Self.patched(old), old)
        let block = try #require(try ZstdBlocks().compressed(Self.contents.new, level: 9))
        #expect(plain.rootReceived - attempt.rootReceived == block.count, "not a byte of the block itself")
        #expect(attempt.received < plain.received - block.count / 10 * 9)
        #expect(attempt.summary.notes == [])
    }

    @Test("the cost that is told beforehand is that with patches")
    func estimate() throws {
        let folder = try TestFolder()
        let old = try Self.image(Self.contents.old)
        try old.write(to: folder.path)
        let fixtures = [try Self.image(Self.contents.new), try Self.patched(old)]
        let costs = try fixtures.map { fixture in
            var source = FakeBlobSource()
            let documents = try ImageDocuments.read(try fixture.publish(in: &source), from: &source) { _, _ in }
            return try ArtifactFetch(documents, locals: [folder.path]).estimate(from: &source).0.bytes
        }
        let patch = try #require(fixtures[1].manifest.patches.first)
        #expect(costs[0] - costs[1] == patch.covers - patch.file.size)
    }

    /// What is fetched of the root file without patches.
    private static func alone(_ old: ImageFixture) throws -> Int {
        try fetch(try image(contents.new), old).rootReceived
    }

    @Test("what a patch does not make right is fetched, and that is said")
    func wrong() throws {
        let old = try Self.image(Self.contents.old)
        let alone = try Self.alone(old)
        for fixture in [try Self.patched(old, level: 1), try Self.patched(old, damage: true)] {
            let attempt = try Self.fetch(fixture, old)
            #expect(attempt.rootReceived == alone)
            #expect(attempt.summary.notes.contains { $0.contains("nothing of it comes out here") })
        }
    }

    @Test("a patch for another image is left alone")
    func otherBase() throws {
        let old = try Self.image(Self.contents.old)
        let fixture = try Self.patched(old, base: try SHA256Hasher.digest(of: [1]))
        let attempt = try Self.fetch(fixture, old)
        #expect(attempt.rootReceived == (try Self.alone(old)))
        #expect(attempt.summary.notes == [])
    }

    @Test(
        "a patch that the source lacks, or gives other bytes for, is done without, and that is said",
        arguments: [true, false])
    func lacking(isLie: Bool) throws {
        let old = try Self.image(Self.contents.old)
        var fixture = try Self.patched(old)
        let digest = try SHA256Hasher.digest(of: [2])
        // A patch that would do, but not the one that the manifest names.
        if isLie { fixture.lies = [digest: fixture.parts[0]] }
        fixture.manifest.patches[0].file.sha256 = digest
        fixture.files[.manifest] = fixture.manifest.serialized()
        let attempt = try Self.fetch(fixture, old)
        #expect(attempt.rootReceived == (try Self.alone(old)))
        #expect(attempt.summary.notes.contains { $0.contains("without the help of a patch") })
    }
}
