// Cuts a byte stream where its content says so, so that an insertion moves no later boundary: the base of deltas.
// Called by the builder when it writes root.chunks and by the agent when it indexes an image without an index.

/// Finds the boundaries of content-defined chunks in a byte stream: FastCDC with normalised chunking (Xia et al., "FastCDC:
/// a Fast and Efficient Content-Defined Chunking Approach for Data Deduplication", USENIX ATC 2016, sections 3.2 to 3.5).
///
/// The rolling hash is `hash = (hash << 1) + gear[byte]`, begun at zero after the first `minimum` bytes of a chunk, which
/// are never looked at. A chunk ends after the byte where the highest bits of the hash are zero: two bits more than
/// log2(mean) before `mean` bytes, two fewer after, and in any case after `maximum` bytes.
package struct ContentChunker: Sendable {
    /// The size limits; two indexes are comparable only when theirs are equal.
    package struct Parameters: Hashable, Sendable {
        /// The smallest chunk in bytes, except at the end of the stream.
        package let minimum: Int
        /// The size in bytes around which chunks cluster, a power of two.
        package let mean: Int
        /// The largest chunk in bytes.
        package let maximum: Int

        /// 8 KiB, 32 KiB and 128 KiB (docs/delta.md).
        package static let standard = Parameters(uncheckedMinimum: 8 << 10, mean: 32 << 10, maximum: 128 << 10)

        /// Takes limits; nil unless 64 ≤ minimum ≤ mean ≤ maximum ≤ 16 MiB and the mean is a power of two of at least 256.
        package init?(minimum: Int, mean: Int, maximum: Int) {
            guard minimum >= 64, minimum <= mean, mean <= maximum, maximum <= 16 << 20, mean >= 256,
                mean.nonzeroBitCount == 1
            else { return nil }
            self.init(uncheckedMinimum: minimum, mean: mean, maximum: maximum)
        }

        private init(uncheckedMinimum minimum: Int, mean: Int, maximum: Int) {
            self.minimum = minimum
            self.mean = mean
            self.maximum = maximum
        }
    }

    /// The size limits in use.
    package let parameters: Parameters
    /// Bytes of the unfinished chunk seen so far: at the end of the stream, the size of the last chunk (0 when there is
    /// none).
    package private(set) var pending = 0

    private var hash: UInt64 = 0
    private let strictShift: UInt64
    private let laxShift: UInt64
    private let gear = Self.gearTable

    /// Begins a stream.
    package init(_ parameters: Parameters = .standard) {
        self.parameters = parameters
        let bits = parameters.mean.trailingZeroBitCount
        strictShift = UInt64(64 - bits - 2)
        laxShift = UInt64(64 - bits + 2)
    }

    /// Takes bytes from `start` on up to the end of the current chunk or of the span, whichever comes first.
    ///
    /// - Returns: the index after the chunk's last byte, from where the next call goes on; or nil when the whole span was
    ///   taken and the chunk goes on in the next span.
    package mutating func boundary(in bytes: Span<UInt8>, from start: Int) -> Int? {
        guard start >= 0, start < bytes.count else { return nil }
        let skipped = min(max(0, parameters.minimum - pending), bytes.count - start)
        pending += skipped
        var position = start + skipped
        if let end = scan(bytes, from: &position, until: parameters.mean, shift: strictShift) { return end }
        if let end = scan(bytes, from: &position, until: parameters.maximum, shift: laxShift) { return end }
        return pending >= parameters.maximum ? cut(at: position) : nil
    }

    /// Rolls the hash until a boundary, the chunk size `limit` or the span's end.
    private mutating func scan(
        _ bytes: Span<UInt8>, from position: inout Int, until limit: Int, shift: UInt64
    ) -> Int? {
        guard pending < limit else { return nil }
        let end = min(bytes.count, position + (limit - pending))
        let gear = gear
        let table = gear.span
        var hash = hash
        var index = position
        while index < end {
            hash = hash << 1 &+ table[Int(bytes[index])]
            index += 1
            if hash >> shift == 0 { return cut(at: index) }
        }
        self.hash = hash
        pending += end - position
        position = end
        return nil
    }

    private mutating func cut(at index: Int) -> Int {
        pending = 0
        hash = 0
        return index
    }

    /// The random numbers of the hash: the first 256 outputs of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) seeded
    /// with the big-endian bytes of "lifeboot".
    static let gearTable: [UInt64] = {
        var state: UInt64 = 0x6C69_6665_626F_6F74
        return (0..<256).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return word ^ word >> 31
        }
    }()
}
