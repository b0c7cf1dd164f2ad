// root.chunks: which chunks a root file consists of, so that an update fetches only those that no local image has.
// Written by the builder, read by the agent's updater.

package import Faults

/// Says what is wrong in a chunk index, and where.
package typealias ChunkIndexError = Fault<ChunkIndexFault>

/// Names the place of a fault in a chunk index.
package struct ChunkIndexFault: FaultKind {
    /// The byte's offset.
    package var offset: Int
    /// What was found or expected.
    package var reason: String
}

extension ChunkIndexError {
    /// Locates a fault.
    package init(at offset: Int, _ reason: String) {
        self.init(
            ChunkIndexFault(offset: offset, reason: reason), "reading", ImageFile.chunks.rawValue,
            cause: "byte \(offset): \(reason)", remedy: "Fetch the whole root file instead.")
    }
}

/// Holds the chunks of one root file in order.
///
/// The file is little-endian:
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 8 | magic `LBCHUNKS` |
/// | 8 | 4 | version, 1 |
/// | 12 | 4 | number of chunks |
/// | 16 | 12 | chunker: minimum, mean and maximum size, 4 bytes each |
/// | 28 | 4 | reserved, 0 |
/// | 32 | 8 | size of the file in bytes |
/// | 40 | 32 | SHA-256 of the file |
/// | 72 | 36 each | chunks: length (4), SHA-256 (32); offsets follow from the lengths |
package struct ChunkIndex: Equatable, Sendable {
    /// One chunk.
    package struct Chunk: Hashable, Sendable {
        /// Byte offset in the file.
        package let offset: Int
        /// Length in bytes.
        package let length: Int
        /// Digest of the bytes.
        package let digest: Digest
    }

    /// The first eight bytes of the file.
    package static let magic = Array("LBCHUNKS".utf8)
    /// The only version there is.
    package static let version = 1
    /// Bytes before the first chunk.
    package static let headerLength = 72
    /// Bytes for each chunk.
    package static let recordLength = 36

    /// The size limits of the chunker that made the index.
    package let parameters: ContentChunker.Parameters
    /// Size of the file in bytes: the sum of the lengths.
    package private(set) var size = 0
    /// Digest of the whole file.
    package var digest: Digest
    /// The chunks in file order, without gaps.
    package private(set) var chunks: [Chunk] = []

    /// Begins an empty index.
    package init(parameters: ContentChunker.Parameters, digest: Digest) {
        self.parameters = parameters
        self.digest = digest
    }

    /// Appends the next chunk; lengths come from the chunker, hence are at least 1.
    package mutating func append(length: Int, digest: Digest) {
        chunks.append(Chunk(offset: size, length: length, digest: digest))
        size += length
    }

    /// The file's bytes.
    package func serialized() -> [UInt8] {
        var bytes = Self.magic
        bytes.reserveCapacity(Self.headerLength + chunks.count * Self.recordLength)
        let limits = [parameters.minimum, parameters.mean, parameters.maximum]
        for value in [Self.version, chunks.count] + limits + [0] { Self.append(UInt32(clamping: value), to: &bytes) }
        Self.append(UInt64(clamping: size), to: &bytes)
        bytes += digest.bytes
        for chunk in chunks {
            Self.append(UInt32(clamping: chunk.length), to: &bytes)
            bytes += chunk.digest.bytes
        }
        return bytes
    }

    private static func append(_ value: some FixedWidthInteger & UnsignedInteger, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}

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
