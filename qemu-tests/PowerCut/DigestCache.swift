import Cryptography
import Foundation
import ImageModel

/// The digests of files on a replayed disk; what was not written to since is not read again.
final class DigestCache {
    private struct Key: Hashable {
        let extents: FileExtents
        let version: UInt64
    }

    private var digests: [Key: Digest] = [:]

    /// The digest of the bytes in these places.
    func digest(of extents: FileExtents, on disk: ReplayedDisk) throws -> Digest {
        let key = Key(extents: extents, version: disk.version(of: extents.ranges))
        if let digest = digests[key] { return digest }
        var hasher = try SHA256Hasher()
        for piece in extents.pieces {
            switch piece {
            case .stored(let range): try Self.read(range, of: disk) { try hasher.update($0) }
            case .zeros(let count): try hasher.update([UInt8](repeating: 0, count: Int(min(count, 1 << 30))))
            }
        }
        let digest = try hasher.finish()
        digests[key] = digest
        return digest
    }

    private static func read(_ range: Range<UInt64>, of disk: ReplayedDisk, _ body: ([UInt8]) throws -> Void) throws {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 4 << 20) {
            try body(Array(try disk.read(at: start, count: Int(min(4 << 20, range.upperBound - start)))))
        }
    }
}
