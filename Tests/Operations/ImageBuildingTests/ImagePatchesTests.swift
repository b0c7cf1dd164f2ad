import Cryptography
import Faults
import Foundation
import ImageModel
import LinuxSystem
import Squashfs
import SystemPackage
import Testing

@testable import ImageBuilding

@Suite("Image patches", .enabled(if: hasImageTools))
struct ImagePatchesTests {
    /// Modules that compress badly, in folders of a kernel's version; each has a few other bytes in each version.
    private static func modules(_ version: String) -> String {
        """
        mkdir -p usr/lib/modules/\(version)/kernel
        for n in 1 2 3 4 5 6 7 8; do
            { printf 'module %s of %s;' $n \(version)
              openssl enc -aes-128-ctr -K 0$n -iv 00 -in /dev/zero 2>/dev/null | head -c ${n}0000 | base64 -w 0
              printf 'signed %s' \(version); } > usr/lib/modules/\(version)/kernel/m$n.ko
        done
        openssl enc -aes-128-ctr -K ff -iv 00 -in /dev/zero 2>/dev/null | head -c 300000 | base64 -w 0 > usr/lib/large
        printf \(version) >> usr/lib/large
        """
    }

    private static func yard() throws -> ImageYard {
        let yard = try ImageYard(modules("6.1-1"))
        try yard.build(to: "old")
        try yard.run(
            "cd root; rm -r usr/lib/modules/6.1-1 usr/lib/large; \(modules("6.1-2")); tar -C . -cf ../new.tar .")
        return yard
    }

    @Test("the modules of another kernel are patched, and every change comes out as the image has it")
    func changes() throws {
        let yard = try Self.yard()
        let manifest = try yard.build("new.tar", to: "new") { $0.patchBases = [yard.file("old")] }.manifest
        #expect(try yard.verify("new") == [])
        let old = try FileBytes.read(yard.file("old/root.squashfs"), limit: 64 << 20)
        let new = try FileBytes.read(yard.file("new/root.squashfs"), limit: 64 << 20)
        let index = try ChunkIndex(parsing: FileBytes.read(yard.file("new/root.chunks"), limit: 1 << 20))
        let known = Set(
            try ChunkIndex(parsing: FileBytes.read(yard.file("old/root.chunks"), limit: 1 << 20)).chunks.map(\.digest))
        let missing = index.chunks.filter { !known.contains($0.digest) && $0.offset < manifest.root.verity.hashOffset }
        let zstd = try ZstdBlocks()
        var (patched, length) = (0, 0)
        #expect(!manifest.patches.isEmpty)
        for (number, part) in manifest.patches.enumerated() {
            #expect(part.base == (try SHA256Hasher.digest(of: old)))
            let bytes = try FileBytes.read(yard.file("new").appending(Manifest.Patch.name(number)), limit: 4 << 20)
            #expect(part.file == Manifest.File(size: bytes.count, sha256: try SHA256Hasher.digest(of: bytes)))
            let patch = try #require(RootPatch(parsing: bytes))
            #expect(part.first == patch.changes.first?.chunk && part.last == patch.changes.last?.chunk)
            for change in patch.changes {
                let chunk = index.chunks[change.chunk]
                let blocks = try change.base.map { block in
                    let stored = Array(old[block.offset..<(block.offset + block.length)])
                    return block.isCompressed
                        ? try #require(zstd.decompressed(stored, limit: patch.blockSize)) : stored
                }
                let block = try #require(
                    zstd.block(change.difference, from: Array(blocks.joined()), limit: patch.blockSize))
                let stored = change.isCompressed ? try #require(zstd.compressed(block, level: patch.level)) : block
                #expect(stored == Array(new[chunk.offset..<(chunk.offset + chunk.length)]))
                patched += chunk.length
            }
            length += bytes.count
        }
        let sum = missing.reduce(0) { $0 + $1.length }
        #expect(patched > sum / 10 * 8, "\(patched) of \(sum) bytes are patched")
        #expect(length < patched / 10, "by \(length) bytes")
    }

    @Test("an image without an index is no base, and nothing is left")
    func noIndex() throws {
        let yard = try Self.yard()
        try yard.run("rm old/root.chunks")
        let error = #expect(throws: ImageBuildError.self) {
            try yard.build("new.tar", to: "new") { $0.patchBases = [yard.file("old")] }
        }
        #expect(error?.description.contains("root.chunks is missing") == true)
        #expect(try FileStatus.of(yard.file("new")) == nil)
    }
}
