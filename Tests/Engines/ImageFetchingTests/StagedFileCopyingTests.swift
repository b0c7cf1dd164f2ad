import Cryptography
import Foundation
import ImageModel
import LinuxSystem
import SeededNumbers
import SystemPackage
import Testing
import TransferPlanning

@testable import ImageFetching

@Suite("Copying into a staged file")
struct StagedFileCopyingTests {
    private static let lengths = [400, 300, 324, 1, 3_000, 200].map { $0 << 10 }

    @Test(
        "neighbours are copied together as far as the buffer holds them, a longer chunk alone",
        arguments: [
            (held: [Int](), runs: [[0, 1, 2], [3], [4], [5]]), ([1], [[0], [2, 3], [4], [5]]),
            ([4], [[0, 1, 2], [3], [5]]),
            ([0, 1, 2, 3, 4, 5], []),
        ])
    func runs(held: [Int], runs: [[Int]]) throws {
        let folder = try TestFolder()
        var generator = SeededGenerator(seed: 1)
        let bytes = (0..<Self.lengths.reduce(0, +) / 8).flatMap { _ in
            withUnsafeBytes(of: generator.next()) { Array($0) }
        }
        let path = folder.path.appending("source")
        try Data(bytes).write(to: URL(fileURLWithPath: path.string))
        let source = try OwnedDescriptor(opening: path)
        var index = ChunkIndex(parameters: .standard, digest: try SHA256Hasher.digest(of: bytes))
        for length in Self.lengths {
            index.append(length: length, digest: try SHA256Hasher.digest(of: Array(bytes.prefix(length))))
        }
        let journal = try FetchJournal(in: folder.path, source: index.digest)
        var file = try StagedFile.open(
            .root, number: 0, in: folder.path, index, hasIndex: true, journal: journal)
        for number in held { #expect(try file.copyUnseen(index.chunks[number].range, from: source.descriptor)) }
        let expected = runs.map { index.chunks[$0[0]].offset..<index.chunks[$0[$0.count - 1]].range.upperBound }
        let unsettled = file.unsettledRuns
        #expect(unsettled == expected)
        for run in unsettled { #expect(try file.copyUnseen(run, from: source.descriptor)) }
        let isComplete = file.isComplete
        #expect(isComplete && file.unsettledRuns.isEmpty)
        try file.flush()
        let copied = try Data(contentsOf: URL(fileURLWithPath: folder.path.appending("root.squashfs").string))
        #expect(Array(copied) == bytes)
    }
}
