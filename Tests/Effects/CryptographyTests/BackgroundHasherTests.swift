import ImageModel
import Testing

@testable import Cryptography

@Suite("Hashing on another thread")
struct BackgroundHasherTests {
    @Test(
        "the digest is that of the stream, however it comes",
        arguments: [[], [0], [1], [1 << 20], [(1 << 20) - 1, 1, 1], [3 << 20, 5], [700_000, 700_000, 700_000]])
    func stream(lengths: [Int]) throws {
        var hasher = try BackgroundHasher()
        var all: [UInt8] = []
        for round in 0..<2 {
            for length in lengths {
                let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ round) }
                try hasher.update(bytes.span)
                all += bytes
            }
            #expect(try hasher.digestSoFar() == SHA256Hasher.digest(of: all))
        }
        #expect(try hasher.finish() == SHA256Hasher.digest(of: all))
        #expect(try hasher.finish() == SHA256Hasher.digest(of: []))
    }
}
