import Cryptography
import Filesystems
import ImageModel
import LinuxSystem
import SystemPackage
import TransferPlanning

/// Holds a file that grows in the staging folder: which of its bytes are there, and which of those are verified.
///
/// Bytes come in any order, from the network or from local files. A chunk is verified when its last byte is in place. What
/// is there is flushed to the disk first and written into the journal then.
struct StagedFile: ~Copyable {
    /// Bytes after which the disk is told to begin with them: enough for large requests to it.
    static let writingInterval = 4 << 20
    /// Bytes of incomplete chunks up to which the journal need not be durable at once.
    static let looseLimit = 128 << 10
    /// Bytes that are looked at to see whether a chunk was written.
    static let probeLength = 4 << 10
    /// Bytes read at a time.
    static let blockLength = 1 << 20

    /// What shows that a file is the one that the manifest names.
    enum Proof {
        /// The digest of the whole file.
        case digest
        /// The signed root hash, of the data; of the hash tree behind it the digests of its chunks.
        case rootHash
    }

    /// Which file of the image it is.
    let kind: ImageFile
    /// Its chunks; a single one when there is no real index.
    let index: ChunkIndex
    /// Whether there is a real index.
    let hasIndex: Bool
    /// What is verified; in a file that is copied as a whole, also what `proof` is yet to be had of.
    private(set) var held = ByteRanges()
    /// What is in place and belongs to chunks that are not complete.
    private(set) var arrived = ByteRanges()
    /// What came over the network, in this run or an earlier one.
    private(set) var fetched = ByteRanges()
    /// Bytes copied from this machine in this run.
    var copied = 0
    /// What is made here out of the rest of the file, hence neither copied nor fetched: the chunks of the hash tree.
    var derived: Range<Int>?
    /// The hash tree, as far as the data of it was read back; nil when it is not made here.
    var tree: GrowingTree?
    /// By what all of the file, as the disk gave it back, is known to be the one that the manifest names.
    var proof: Proof?

    let file: PreallocatedFile
    /// Whether all that this run has written is durable.
    var isFlushed = true
    private let number: UInt8
    private let journal: FetchJournal
    var hasher: SHA256Hasher
    private var arriving: ArrivingBytes
    var buffer = [UInt8](repeating: 0, count: blockLength)
    private var unwritten: [JournalRecord.Kind: ByteRanges] = [:]
    private var unstarted = 0
    private var pace = FlushPace(at: MonotonicClock.now())
    var copiedBytes = 0
    /// Bytes of local files after which the journal is brought up to date.
    var copyInterval = 16 << 20
    /// How far the file was read back from the disk, and the digest of that; see `StagedFile+ReadingBack.swift`.
    var readBack: ReadBack
    /// Reads the whole file back at this moment; nil when nobody does.
    var reading: BackgroundWork<Digest>?

    /// Opens or makes the file with its whole space, and takes what the journal says is there.
    ///
    /// What a file of an earlier attempt holds beyond that is verified in place.
    ///
    /// - Throws: `PreallocationError` when there is no space; `CryptographyError`.
    static func open(
        _ kind: ImageFile, number: UInt8, in folder: FilePath, _ index: ChunkIndex, hasIndex: Bool,
        journal: FetchJournal
    ) throws -> StagedFile {
        let isNew = try FileStatus.of(folder.appending(kind.rawValue), followingLinks: false) == nil
        var file = try StagedFile(kind, number, folder, index, hasIndex, journal)
        if isNew {
            if journal.recovered != nil {
                try journal.append([JournalRecord(kind: .discarded, file: number, range: 0..<index.size)])
            }
            return file
        }
        for record in journal.records(of: number) where record.range.upperBound <= index.size { file.take(record) }
        try file.recover()
        return file
    }

    private init(
        _ kind: ImageFile, _ number: UInt8, _ folder: FilePath, _ index: ChunkIndex, _ hasIndex: Bool,
        _ journal: FetchJournal
    ) throws {
        let hasher = try SHA256Hasher()
        let arriving = try ArrivingBytes()
        let readBack = try ReadBack()
        let file = try PreallocatedFile(folder.appending(kind.rawValue), size: index.size)
        self.kind = kind
        self.number = number
        self.index = index
        self.hasIndex = hasIndex
        self.journal = journal
        self.hasher = hasher
        self.arriving = arriving
        self.readBack = readBack
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

    /// What is verified, and what will be made here.
    var settled: ByteRanges {
        var settled = held
        if let derived { settled.insert(derived) }
        return settled
    }

    /// What has to come over the network when no local file has it.
    var needed: ByteRanges {
        var here = settled
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
            if pace.isDue(at: MonotonicClock.now()) { try flush() }
            let end = start + pace.allowance(for: bytes.count - start)
            try place(bytes.extracting(start..<end), at: offset + start)
            pace.took(end - start)
            start = end
        }
        wrote(bytes.count)
    }

    /// Lets the disk begin with what was written, and the hash tree with what is there, when it is enough.
    mutating func wrote(_ count: Int) {
        unstarted += count
        if unstarted < Self.writingInterval { return }
        file.startWriting()
        growTree()
        unstarted = 0
    }

    private mutating func place(_ bytes: Span<UInt8>, at offset: Int) throws {
        for part in held.missing(in: offset..<(offset + bytes.count)) {
            try forget(from: part.lowerBound)
            try file.write(
                bytes.extracting((part.lowerBound - offset)..<(part.upperBound - offset)), at: part.lowerBound)
            arrived.insert(part)
            fetched.insert(part)
            unwritten[.arrived, default: ByteRanges()].insert(part)
            for chunk in index.chunks(overlapping: part) {
                let here = part.clamped(to: chunk.range)
                arriving.take(
                    bytes.extracting((here.lowerBound - offset)..<(here.upperBound - offset)), at: here.lowerBound,
                    of: chunk, isLast: arrived.contains(chunk.range))
            }
        }
        for arrival in try arriving.arrivals() { try complete(arrival) }
    }

    /// Verifies what came and is not looked at yet.
    ///
    /// - Throws: as `take`.
    mutating func settle() throws { for arrival in try arriving.allArrivals() { try complete(arrival) } }

    /// Verifies a chunk whose last byte has come.
    private mutating func complete(_ arrival: ArrivingBytes.Arrival) throws {
        let chunk = arrival.chunk
        guard try arrival.digest.map({ $0 == chunk.digest }) ?? isRight(chunk) else {
            try discard(chunk.range)
            throw FetchError.corrupted(
                "fetching", kind.rawValue,
                "bytes \(chunk.offset) to \(chunk.range.upperBound) are not what their digest says")
        }
        keep(chunk.range, .fetched)
    }

    /// Counts whole chunks as held.
    mutating func keep(_ chunks: Range<Int>, _ kind: JournalRecord.Kind) {
        held.insert(chunks)
        arrived.remove(chunks)
        unwritten[.arrived]?.remove(chunks)
        unwritten[kind, default: ByteRanges()].insert(chunks)
    }

    /// Counts whole chunks as neither held nor arrived, in the journal as well.
    mutating func discard(_ chunks: Range<Int>) throws {
        try forget(from: chunks.lowerBound)
        held.remove(chunks)
        arrived.remove(chunks)
        for kind in unwritten.keys { unwritten[kind]?.remove(chunks) }
        try journal.append([JournalRecord(kind: .discarded, file: number, range: chunks)])
    }

    // MARK: What is in place

    /// Verifies what the journal does not state: its last records need not have reached the disk, or there is none.
    ///
    /// A chunk can have arrived in full without having been looked at, because the one in front of it was wrong.
    private mutating func recover() throws {
        for chunk in index.chunks where !held.contains(chunk.range) {
            let isThere = arrived.contains(chunk.range)
            if try isThere ? isReadableAndRight(chunk) : isWrittenRight(chunk) {
                keep(chunk.range, .fetched)
            } else if isThere {
                try discard(chunk.range)
            }
        }
        try flush()
    }

    /// Whether a chunk does not begin with the zeros of space that nobody has written to; saves reading it.
    private mutating func looksWritten(_ chunk: ChunkIndex.Chunk) throws -> Bool {
        let count = try file.read(into: &buffer, count: min(chunk.length, Self.probeLength), at: chunk.offset)
        return !buffer.prefix(count).allSatisfy { $0 == 0 }
    }

    /// Verifies every chunk in place and takes what is wrong out of the journal.
    ///
    /// What cannot be read is wrong: to write it again is what mends a bad block.
    mutating func verifyAll() throws {
        for chunk in index.chunks where held.contains(chunk.range) {
            if try !isReadableAndRight(chunk) { try discard(chunk.range) }
        }
    }

    private mutating func isWrittenRight(_ chunk: ChunkIndex.Chunk) throws -> Bool {
        do { if try !looksWritten(chunk) { return false } } catch is PreallocationError { return false }
        return try isReadableAndRight(chunk)
    }

    private mutating func isReadableAndRight(_ chunk: ChunkIndex.Chunk) throws -> Bool {
        do { return try isRight(chunk) } catch is PreallocationError {
            // What was read before the bad block must not count for the next chunk.
            _ = try hasher.finish()
            return false
        }
    }

    mutating func isRight(_ chunk: ChunkIndex.Chunk) throws -> Bool {
        for start in stride(from: 0, to: chunk.length, by: Self.blockLength) {
            let count = min(Self.blockLength, chunk.length - start)
            let got = try file.read(into: &buffer, count: count, at: chunk.offset + start)
            try Self.update(&hasher, buffer, got)
        }
        return try hasher.finish() == chunk.digest
    }

    static func update(_ hasher: inout SHA256Hasher, _ bytes: [UInt8], _ count: Int) throws {
        try hasher.update(bytes.span.extracting(0..<count))
    }

    /// Makes durable what is in place, and then says so in the journal.
    ///
    /// - Throws: `FetchError` when a chunk is wrong; what else is in place is in the journal then.
    mutating func flush() throws {
        do { try settle() } catch {
            try state()
            throw error
        }
        try state()
    }

    /// Makes durable what was written without being stated.
    mutating func flushWritten() throws(PreallocationError) {
        if isFlushed { return }
        try file.flush()
        isFlushed = true
    }

    private mutating func state() throws {
        var records: [JournalRecord] = []
        for kind in [JournalRecord.Kind.copied, .fetched, .arrived] {
            for range in unwritten[kind]?.ranges ?? [] {
                records.append(JournalRecord(kind: kind, file: number, range: range))
            }
        }
        // A disk tells of a failed write once: these bytes must not be stated after a second attempt.
        unwritten = [:]
        copiedBytes = 0
        defer { pace.flushed(at: MonotonicClock.now()) }
        if records.isEmpty { return }
        // Also when nothing was written in this run: an earlier one need not have come to it.
        try file.flush()
        isFlushed = true
        // A complete chunk is found again without its record; an incomplete one is not.
        try journal.append(records, isDurable: arrived.count > Self.looseLimit)
    }
}
