extension ChunkIndex {
    /// Reads a chunk index.
    ///
    /// - Throws: `ChunkIndexError` with the byte offset of the first fault: wrong magic or version, limits out of range,
    ///   bytes missing or left over, a chunk outside the limits (only the last may be smaller), or lengths that do not
    ///   add up to the file's size.
    package init(parsing bytes: [UInt8]) throws(ChunkIndexError) {
        guard bytes.starts(with: Self.magic) else { throw ChunkIndexError(at: 0, "not a chunk index") }
        guard bytes.count >= Self.headerLength else {
            throw ChunkIndexError(at: bytes.count, "the header is cut short")
        }
        let version = Self.integer(bytes, at: 8, length: 4)
        guard version == UInt64(Self.version) else { throw ChunkIndexError(at: 8, "version \(version) is unknown") }
        guard Self.integer(bytes, at: 28, length: 4) == 0 else {
            throw ChunkIndexError(at: 28, "reserved bytes are set")
        }
        let parameters = try Self.parameters(bytes)
        guard let digest = Digest(bytes: bytes[40..<72]) else { throw ChunkIndexError(at: 40, "digest missing") }
        self.init(parameters: parameters, digest: digest)
        try read(bytes, count: Int(Self.integer(bytes, at: 12, length: 4)))
        try check(size: Self.integer(bytes, at: 32, length: 8))
    }

    private static func parameters(_ bytes: [UInt8]) throws(ChunkIndexError) -> ContentChunker.Parameters {
        let limits = [16, 20, 24].map { Int(integer(bytes, at: $0, length: 4)) }
        guard let parameters = ContentChunker.Parameters(minimum: limits[0], mean: limits[1], maximum: limits[2]) else {
            throw ChunkIndexError(at: 16, "chunk sizes \(limits[0]), \(limits[1]), \(limits[2]) are out of range")
        }
        return parameters
    }

    private mutating func read(_ bytes: [UInt8], count: Int) throws(ChunkIndexError) {
        let expected = Self.headerLength + count * Self.recordLength
        guard bytes.count == expected else {
            throw ChunkIndexError(
                at: min(bytes.count, expected), "\(count) chunks take \(expected) bytes, there are \(bytes.count)")
        }
        for index in 0..<count {
            let offset = Self.headerLength + index * Self.recordLength
            let length = Int(Self.integer(bytes, at: offset, length: 4))
            let smallest = index == count - 1 ? 1 : parameters.minimum
            guard (smallest...parameters.maximum).contains(length),
                let digest = Digest(bytes: bytes[(offset + 4)..<(offset + Self.recordLength)])
            else { throw ChunkIndexError(at: offset, "chunk \(index) of \(length) bytes is outside the limits") }
            append(length: length, digest: digest)
        }
    }

    private func check(size expected: UInt64) throws(ChunkIndexError) {
        guard UInt64(size) == expected else {
            throw ChunkIndexError(at: 32, "the chunks add up to \(size) bytes, the file has \(expected)")
        }
    }

    /// Reads a little-endian integer at a place that is known to exist.
    private static func integer(_ bytes: [UInt8], at offset: Int, length: Int) -> UInt64 {
        bytes[offset..<(offset + length)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
