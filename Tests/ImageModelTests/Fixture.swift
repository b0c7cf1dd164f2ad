import ImageModel

/// A digest of one repeated byte.
// swift-format-ignore: NeverForceUnwrap
func digest(_ byte: UInt8) -> Digest { Digest(bytes: [UInt8](repeating: byte, count: 32))! }

/// SplitMix64: reproducible test data.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) } }
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
