import ImageModel
import Testing

@testable import BuildPlanning

@Suite("Making a cache smaller")
struct CachePruningTests {
    private static func blob(_ byte: UInt8, size: Int64, lastUse: Int64) throws -> CachePruning.Blob {
        let digest = try #require(Digest(bytes: [UInt8](repeating: byte, count: 32)))
        return CachePruning.Blob(digest, size: size, lastUse: lastUse)
    }

    @Test(
        "takes what was used longest ago, as far as that is needed",
        arguments: [
            (Int64(60), [Int64](), Int64(60)), (59, [1], 50), (50, [1], 50), (49, [1, 2], 30), (29, [1, 2, 3], 0),
            (0, [1, 2, 3], 0),
        ])
    func order(limit: Int64, removed: [Int64], size: Int64) throws {
        let blobs = [
            try Self.blob(7, size: 30, lastUse: 3), try Self.blob(8, size: 10, lastUse: 1),
            try Self.blob(9, size: 20, lastUse: 2),
        ]
        let pruning = CachePruning(blobs, limit: limit)
        #expect(pruning.removed.map(\.lastUse) == removed)
        #expect(pruning.size == size)
    }

    @Test("is the same for blobs used at one time, whatever their order, and takes none that frees nothing")
    func ties() throws {
        let blobs = [
            try Self.blob(2, size: 5, lastUse: 1), try Self.blob(1, size: 5, lastUse: 1),
            try Self.blob(0, size: 0, lastUse: 0),
        ]
        #expect(CachePruning(blobs, limit: 5).removed == [blobs[1]])
        #expect(CachePruning(blobs.reversed(), limit: 5) == CachePruning(blobs, limit: 5))
    }
}
