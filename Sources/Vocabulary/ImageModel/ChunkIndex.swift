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
