import Cryptography
import Filesystems
import ImageModel
import LinuxSystem
import SystemPackage
import TransactionPlanning

/// Holds a file that grows in the staging folder: which of its bytes are there, and which of those are verified.
///
/// Bytes come in any order, from the network or from local files. A chunk is verified when its last byte is in place. What
/// is there is flushed to the disk first and written into the journal then.
struct StagedFile: ~Copyable {
    /// Bytes of the network after which the journal is brought up to date. A cut makes them come twice, and what is on its way
    /// meanwhile: less than 1 MiB together.
    static let flushInterval = 768 << 10
    /// Bytes of local files after which the journal is brought up to date.
    static let copyInterval = 16 << 20
    /// Bytes read at a time.
    static let blockLength = 1 << 20

    /// Which file of the image it is.
    let kind: ImageFile
    /// Its chunks; a single one when there is no real index.
    let index: ChunkIndex
    /// Whether there is a real index.
    let hasIndex: Bool
    /// What is verified.
    private(set) var held = ByteRanges()
    /// What is in place and belongs to chunks that are not complete.
    private(set) var arrived = ByteRanges()
    /// What came over the network, in this run or an earlier one.
    private(set) var fetched = ByteRanges()
    /// Bytes copied from this machine in this run.
    private(set) var copied = 0

    private let file: PreallocatedFile
    private let number: UInt8
    private let journal: FetchJournal
    private var hasher: SHA256Hasher
    private var buffer = [UInt8](repeating: 0, count: blockLength)
    private var unwritten: [JournalRecord.Kind: ByteRanges] = [:]
    private var networkBytes = 0
    private var copiedBytes = 0

    /// Opens or makes the file with its whole space, and takes what the journal says is there.
    ///
    /// Without a journal of this download everything that a file of an earlier attempt holds is verified instead.
    ///
    /// - Throws: `PreallocationError` when there is no space; `CryptographyError`.
    static func open(
        _ kind: ImageFile, number: UInt8, in folder: FilePath, _ index: ChunkIndex, hasIndex: Bool,
        journal: FetchJournal
    ) throws -> StagedFile {
        let isNew = try FileStatus.of(folder.appending(kind.rawValue), followingLinks: false) == nil
        var file = try StagedFile(kind, number, folder, index, hasIndex, journal)
        if journal.recovered == nil {
            if !isNew { try file.verifyAll() }
        } else if isNew {
            try journal.append([JournalRecord(kind: .discarded, file: number, range: 0..<index.size)])
        } else {
            for record in journal.records(of: number) where record.range.upperBound <= index.size { file.take(record) }
        }
        return file
    }

    private init(
        _ kind: ImageFile, _ number: UInt8, _ folder: FilePath, _ index: ChunkIndex, _ hasIndex: Bool,
        _ journal: FetchJournal
    ) throws {
        let hasher = try SHA256Hasher()
        let file = try PreallocatedFile(folder.appending(kind.rawValue), size: index.size)
        self.kind = kind
        self.number = number
        self.index = index
        self.hasIndex = hasIndex
        self.journal = journal
        self.hasher = hasher
        self.file = file
    }

    private mutating func take(_ record: JournalRecord) {
        switch record.kind {
        case .copied, .fetched:
            held.insert(record.range)
            arrived.remove(record.range)
        case .arrived: arrived.insert(record.range)
        case .discarded:
            held.remove(record.range)
            arrived.remove(record.range)
        }
        if record.kind == .fetched || record.kind == .arrived { fetched.insert(record.range) }
    }

    /// Whether all of it is there and verified.
    var isComplete: Bool { held.count == index.size }

    /// What has to come over the network when no local file has it.
    var needed: ByteRanges {
        var here = held
        for range in arrived.ranges { here.insert(range) }
        return ByteRanges(here.missing(in: 0..<index.size))
    }

    // MARK: Bytes from the network

    /// Puts bytes in their place; what is verified already is left alone.
    ///
    /// - Throws: `FetchError` when a chunk is complete and wrong; `PreallocationError`.
    mutating func take(_ bytes: Span<UInt8>, at offset: Int) throws {
        guard offset >= 0, offset <= index.size, bytes.count <= index.size - offset else {
            throw FetchError.corrupted("fetching", kind.rawValue, "bytes came from outside of the file")
        }
        var start = 0
        while start < bytes.count {
            if networkBytes >= Self.flushInterval { try flush() }
            let end = min(bytes.count, start + Self.flushInterval - networkBytes)
            try place(bytes.extracting(start..<end), at: offset + start)
            networkBytes += end - start
            start = end
        }
    }

    private mutating func place(_ bytes: Span<UInt8>, at offset: Int) throws {
        for part in held.missing(in: offset..<(offset + bytes.count)) {
            try file.write(bytes.extracting((part.lowerBound - offset)..<(part.upperBound - offset)), at: part.lowerBound)
            arrived.insert(part)
            fetched.insert(part)
            unwritten[.arrived, default: ByteRanges()].insert(part)
            for chunk in index.chunks(overlapping: part) where arrived.contains(chunk.range) { try complete(chunk) }
        }
    }

    /// Verifies a chunk whose last byte has come.
    private mutating func complete(_ chunk: ChunkIndex.Chunk) throws {
        guard try isRight(chunk) else {
            try discard(chunk)
            throw FetchError.corrupted(
                "fetching", kind.rawValue, "bytes \(chunk.offset) to \(chunk.range.upperBound) are not what their digest says")
        }
        keep(chunk, .fetched)
    }

    private mutating func keep(_ chunk: ChunkIndex.Chunk, _ kind: JournalRecord.Kind) {
        held.insert(chunk.range)
        arrived.remove(chunk.range)
        unwritten[.arrived]?.remove(chunk.range)
        unwritten[kind, default: ByteRanges()].insert(chunk.range)
    }

    private mutating func discard(_ chunk: ChunkIndex.Chunk) throws {
        held.remove(chunk.range)
        arrived.remove(chunk.range)
        for kind in unwritten.keys { unwritten[kind]?.remove(chunk.range) }
        try journal.append([JournalRecord(kind: .discarded, file: number, range: chunk.range)])
    }

    // MARK: Bytes of this machine

    /// Copies a chunk from a local file when it is what it should be there; false when it is not.
    ///
    /// - Throws: `PreallocationError` when it cannot be written; a local file that cannot be read has no chunk.
    mutating func copy(_ chunk: ChunkIndex.Chunk, from source: FileDescriptor, at offset: Int) throws -> Bool {
        let isSmall = chunk.length <= Self.blockLength
        guard try isSmall ? copySmall(chunk, from: source, at: offset) : copyLarge(chunk, from: source, at: offset) else {
            return false
        }
        keep(chunk, .copied)
        copied += chunk.length
        copiedBytes += chunk.length
        if copiedBytes >= Self.copyInterval { try flush() }
        return true
    }

    private mutating func copySmall(
        _ chunk: ChunkIndex.Chunk, from source: FileDescriptor, at offset: Int
    ) throws -> Bool {
        guard try read(source, chunk.length, at: offset) else { return false }
        try Self.update(&hasher, buffer, chunk.length)
        guard try hasher.finish() == chunk.digest else { return false }
        try file.write(buffer.span.extracting(0..<chunk.length), at: chunk.offset)
        return true
    }

    /// Copies a chunk that does not fit the buffer, and verifies it afterwards.
    private mutating func copyLarge(
        _ chunk: ChunkIndex.Chunk, from source: FileDescriptor, at offset: Int
    ) throws -> Bool {
        // It goes over what arrived, which the journal must not go on to state.
        if arrived.count(in: chunk.range) > 0 { try discard(chunk) }
        for start in stride(from: 0, to: chunk.length, by: Self.blockLength) {
            let count = min(Self.blockLength, chunk.length - start)
            guard try read(source, count, at: offset + start) else { return false }
            try file.write(buffer.span.extracting(0..<count), at: chunk.offset + start)
        }
        return try isRight(chunk)
    }

    /// Fills the front of the buffer; false when the bytes are not there or cannot be read, which a local file may not.
    private mutating func read(_ source: FileDescriptor, _ count: Int, at offset: Int) throws -> Bool {
        do throws(Errno) {
            return try FileBlock.read(source, into: &buffer, count: count, at: offset) == count
        } catch { return false }
    }

    // MARK: What is in place

    /// Verifies every chunk in place and keeps what is right; returns whether all are.
    ///
    /// - Throws: `PreallocationError` when the file cannot be read.
    @discardableResult
    mutating func verifyAll() throws -> Bool {
        for chunk in index.chunks {
            if try isRight(chunk) {
                if !held.contains(chunk.range) { keep(chunk, .copied) }
            } else if held.contains(chunk.range) {
                try discard(chunk)
            }
        }
        try flush()
        return isComplete
    }

    private mutating func isRight(_ chunk: ChunkIndex.Chunk) throws -> Bool {
        for start in stride(from: 0, to: chunk.length, by: Self.blockLength) {
            let count = min(Self.blockLength, chunk.length - start)
            let got = try file.read(into: &buffer, count: count, at: chunk.offset + start)
            try Self.update(&hasher, buffer, got)
        }
        return try hasher.finish() == chunk.digest
    }

    private static func update(_ hasher: inout SHA256Hasher, _ bytes: [UInt8], _ count: Int) throws {
        try hasher.update(bytes.span.extracting(0..<count))
    }

    /// Makes durable what is in place, and then says so in the journal.
    mutating func flush() throws {
        var records: [JournalRecord] = []
        for kind in [JournalRecord.Kind.copied, .fetched, .arrived] {
            for range in unwritten[kind]?.ranges ?? [] {
                records.append(JournalRecord(kind: kind, file: number, range: range))
            }
        }
        if !records.isEmpty {
            try file.flush()
            try journal.append(records)
        }
        unwritten = [:]
        (networkBytes, copiedBytes) = (0, 0)
    }

    /// Makes the whole file durable and takes it out of the page cache.
    borrowing func finish() throws { try file.flushAndForget() }

    /// Reads the file and returns the digest of all of it.
    mutating func digest() throws -> Digest {
        for start in stride(from: 0, to: index.size, by: Self.blockLength) {
            let count = try file.read(into: &buffer, at: start)
            try Self.update(&hasher, buffer, count)
        }
        return try hasher.finish()
    }
}

extension ChunkIndex {
    /// Makes the index of a file whose parts cannot be checked: one chunk, the whole.
    static func whole(size: Int, digest: Digest) -> ChunkIndex {
        var index = ChunkIndex(parameters: .standard, digest: digest)
        if size > 0 { index.append(length: size, digest: digest) }
        return index
    }

    /// The chunks that have bytes in a range.
    func chunks(overlapping range: Range<Int>) -> ArraySlice<Chunk> {
        let first = partition { $0.range.upperBound > range.lowerBound }
        let end = partition { $0.offset >= range.upperBound }
        return chunks[min(first, end)..<end]
    }

    /// The number of chunks before the first for which a condition holds that holds for all later ones.
    private func partition(_ isAfter: (Chunk) -> Bool) -> Int {
        var (low, high) = (0, chunks.count)
        while low < high {
            let middle = low + (high - low) / 2
            if isAfter(chunks[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
