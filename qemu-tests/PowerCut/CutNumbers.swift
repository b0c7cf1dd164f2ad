import SeededNumbers

/// Draws numbers that depend on a seed alone, so that a cut can be repeated.
struct CutNumbers: RandomNumberGenerator, Sendable {
    private var generator: SeededGenerator

    /// Begins the numbers of one drawing; the drawings of one seed do not depend on each other.
    init(seed: UInt64, drawing: Int = 0) {
        var first = SeededGenerator(seed: seed)
        generator = SeededGenerator(seed: first.next() ^ UInt64(bitPattern: Int64(drawing)) &* 0xD134_2543_DE82_EF95)
    }

    mutating func next() -> UInt64 { generator.next() }

    /// Says yes once in `count` times on average.
    mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}
