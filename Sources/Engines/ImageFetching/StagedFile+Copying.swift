import Cryptography
import Filesystems
import ImageModel
import LinuxSystem
import SystemPackage
import TransferPlanning

// Bytes of this machine.

extension StagedFile {
    /// Copies a chunk from a local file when it is what it should be there; false when it is not.
    ///
    /// - Throws: `PreallocationError` when it cannot be written; a local file that cannot be read has no chunk.
    mutating func copy(_ chunk: ChunkIndex.Chunk, from source: FileDescriptor, at offset: Int) throws -> Bool {
        let isSmall = chunk.length <= Self.blockLength
        guard try isSmall ? copySmall(chunk, from: source, at: offset) : copyLarge(chunk, from: source, at: offset)
        else {
            return false
        }
        try keepCopied(chunk.range)
        return true
    }

    /// What is not settled: whole chunks, neighbours together as far as the buffer holds them.
    var unsettledRuns: [Range<Int>] {
        let settled = settled
        var runs: [Range<Int>] = []
        for chunk in index.chunks where !settled.contains(chunk.range) {
            if let last = runs.last, last.upperBound == chunk.offset, last.count + chunk.length <= Self.blockLength {
                runs[runs.count - 1] = last.lowerBound..<chunk.range.upperBound
            } else {
                runs.append(chunk.range)
            }
        }
        return runs
    }

    /// Copies chunks from the same place of another file without looking at what it copies; false when that cannot be read.
    ///
    /// They count as held, in the journal as well, before anything has shown that they are right: the whole file has to be proven
    /// by what the disk gives back, and `ImageCopy` does that.
    ///
    /// - Throws: as `copy`.
    mutating func copyUnseen(_ chunks: Range<Int>, from source: FileDescriptor) throws -> Bool {
        guard try transfer(chunks, from: source, at: chunks.lowerBound) else { return false }
        try keepCopied(chunks)
        return true
    }

    /// Takes a chunk that was made here, when it is what it should be; false when it is not.
    ///
    /// - Throws: `PreallocationError` when it cannot be written.
    mutating func take(made bytes: [UInt8], as chunk: ChunkIndex.Chunk) throws -> Bool {
        guard bytes.count == chunk.length, try SHA256Hasher.digest(of: bytes) == chunk.digest else { return false }
        try forget(from: chunk.offset)
        try file.write(bytes.span, at: chunk.offset)
        try keepCopied(chunk.range)
        return true
    }

    private mutating func keepCopied(_ chunks: Range<Int>) throws {
        keep(chunks, .copied)
        copied += chunks.count
        copiedBytes += chunks.count
        wrote(chunks.count)
        if copiedBytes >= copyInterval { try flush() }
    }

    private mutating func copySmall(
        _ chunk: ChunkIndex.Chunk, from source: FileDescriptor, at offset: Int
    ) throws -> Bool {
        guard try read(source, chunk.length, at: offset) else { return false }
        try Self.update(&hasher, buffer, chunk.length)
        guard try hasher.finish() == chunk.digest else { return false }
        try forget(from: chunk.offset)
        try file.write(buffer.span.extracting(0..<chunk.length), at: chunk.offset)
        return true
    }

    /// Copies a chunk that does not fit the buffer, and verifies it afterwards.
    private mutating func copyLarge(
        _ chunk: ChunkIndex.Chunk, from source: FileDescriptor, at offset: Int
    ) throws -> Bool {
        guard try transfer(chunk.range, from: source, at: offset) else { return false }
        return try isRight(chunk)
    }

    private mutating func transfer(
        _ chunks: Range<Int>, from source: FileDescriptor, at offset: Int
    ) throws -> Bool {
        // It goes over what arrived, which the journal must not go on to state.
        if arrived.count(in: chunks) > 0 { try discard(chunks) }
        try forget(from: chunks.lowerBound)
        for start in stride(from: 0, to: chunks.count, by: Self.blockLength) {
            let count = min(Self.blockLength, chunks.count - start)
            guard try read(source, count, at: offset + start) else { return false }
            try file.write(buffer.span.extracting(0..<count), at: chunks.lowerBound + start)
        }
        return true
    }

    /// Fills the front of the buffer; false when the bytes are not there or cannot be read, which a local file may not.
    private mutating func read(_ source: FileDescriptor, _ count: Int, at offset: Int) throws -> Bool {
        do throws(Errno) {
            return try FileBlock.read(source, into: &buffer, count: count, at: offset) == count
        } catch { return false }
    }
}
