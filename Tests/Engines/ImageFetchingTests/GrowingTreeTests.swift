import Cryptography
import Foundation
import Glibc
import ImageModel
import LinuxSystem
import SeededNumbers
import SystemPackage
import Testing
import TransferPlanning
import Verity

@testable import ImageFetching

@Suite("Growing tree", .timeLimit(.minutes(5)))
struct GrowingTreeTests {
    /// More than is read in one step, and no multiple of a block.
    private static let size = GrowingTree.most + GrowingTree.least + 5 * 4_096

    /// A file with a tree behind it, and the tree's bytes.
    private static func file(_ folder: FilePath) throws -> (HashTree, [UInt8]) {
        let path = folder.appending(ImageFile.root.rawValue)
        var random = SeededGenerator(seed: 11)
        let piece = random.bytes(1 << 20)
        var data = Data(capacity: size)
        while data.count < size { data.append(contentsOf: piece.prefix(size - data.count)) }
        try data.write(to: URL(fileURLWithPath: path.string))
        let parameters = try VerityFormat.append(
            to: path, size: size, salt: [1, 2, 3], uuid: "11111111-2222-3333-4444-555555555555")
        let made = try Data(contentsOf: URL(fileURLWithPath: path.string))
        try data.write(to: URL(fileURLWithPath: path.string))
        return (HashTree(parameters, in: path), [UInt8](made[size...]))
    }

    @Test("in steps, while data comes, it is the tree that is made in one go")
    func steps() throws {
        let folder = try TestFolder()
        let (tree, expected) = try Self.file(folder.path)
        var growing = try GrowingTree(tree)
        var blocks = try growing.advance(upTo: GrowingTree.least - 1, waits: false)
        #expect(growing.position == 0 && blocks.isEmpty, "too little to begin with")
        blocks += try growing.advance(upTo: GrowingTree.least + 100, waits: false)
        #expect(growing.position == GrowingTree.least, "whole blocks")
        while growing.position < Self.size {
            let before = growing.position
            blocks += try growing.advance(upTo: Self.size, waits: true)
            #expect(growing.position - before <= GrowingTree.most)
        }
        let (rootHash, last) = try growing.finish()
        var found = [UInt8](repeating: 0, count: expected.count)
        for block in blocks + last {
            let start = block.offset - Self.size
            found.replaceSubrange(start..<(start + block.bytes.count), with: block.bytes)
        }
        #expect(rootHash == tree.rootHash)
        #expect(found == expected)
    }

    @Test("data that has become shorter has another root hash")
    func shorter() throws {
        let folder = try TestFolder()
        let (tree, _) = try Self.file(folder.path)
        #expect(truncate(tree.path.string, 3 << 20) == 0)
        var growing = try GrowingTree(tree)
        while growing.position < Self.size { _ = try growing.advance(upTo: Self.size, waits: true) }
        #expect(try growing.finish().rootHash != tree.rootHash)
    }

    @Test("what is written where it has read already makes it begin anew", arguments: [true, false])
    func rewritten(isCopied: Bool) throws {
        let folder = try TestFolder()
        let (tree, _) = try Self.file(folder.path)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: tree.path.string)))
        let copied = folder.path.appending("copied")
        try FileManager.default.moveItem(atPath: tree.path.string, toPath: copied.string)
        let source = try OwnedDescriptor(opening: copied)
        var index = ChunkIndex(parameters: .standard, digest: try SHA256Hasher.digest(of: bytes))
        for start in stride(from: 0, to: Self.size, by: 1 << 20) {
            let part = start..<min(Self.size, start + 1 << 20)
            index.append(length: part.count, digest: try SHA256Hasher.digest(of: Array(bytes[part])))
        }
        index.append(length: VerityTreeLayout(dataSize: Self.size).end - Self.size, digest: index.digest)
        let journal = try FetchJournal(in: folder.path, source: index.digest)
        var file = try StagedFile.open(
            .root, number: 0, in: folder.path, index, hasIndex: true, journal: journal)
        file.derived = Self.size..<index.size
        file.tree = try GrowingTree(tree)
        for start in stride(from: 0, to: 4 * GrowingTree.least, by: 1 << 20) {
            if isCopied {
                #expect(try file.copyUnseen(index.chunks[start >> 20].range, from: source.descriptor))
            } else {
                try file.take(bytes.span.extracting(start..<(start + 1 << 20)), at: start)
            }
        }
        let begun = file.tree?.position
        #expect((begun ?? 0) >= GrowingTree.least, "it has begun before the end")
        // The first that the tree has not read; it may have read all that was taken.
        try file.discard(index.chunks[(begun ?? 0) >> 20].range)
        let untouched = file.tree?.position
        #expect(untouched == begun, "nothing was read there")
        try file.discard(index.chunks[0].range)
        let anew = file.tree?.position
        #expect(anew == nil)
    }
}
