import ImageModel
import SeededNumbers

/// A digest of one repeated byte.
// swift-format-ignore: NeverForceUnwrap
func digest(_ byte: UInt8) -> Digest { Digest(bytes: [UInt8](repeating: byte, count: 32))! }

extension SeededGenerator {
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }
}

extension [UInt8] {
    /// Every prefix and, seeded, as many copies with one byte replaced: what a parser must survive.
    func mutations(seed: UInt64) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        return indices.map { Array(self[..<$0]) }
            + indices.map { index in
                var copy = self
                copy[index] = UInt8.random(in: 0...255, using: &generator)
                return copy
            }
    }
}
