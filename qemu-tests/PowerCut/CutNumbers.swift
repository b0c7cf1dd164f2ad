/// Draws numbers that depend on a seed alone, so that a cut can be repeated (SplitMix64, Steele and others 2014).
struct SeededNumbers: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Begins the numbers of one drawing; the drawings of one seed do not depend on each other.
    init(seed: UInt64, drawing: Int = 0) {
        state = seed
        let start = next() ^ UInt64(bitPattern: Int64(drawing)) &* 0xD134_2543_DE82_EF95
        state = start
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// Says yes once in `count` times on average.
    mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}
